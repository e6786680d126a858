// Which page of a list is wanted.

#pragma once

#include <cstddef>
#include <string>

namespace reprise {

struct page_request {
  std::string cursor{};  // `next` of the page before; empty: the first page
  std::size_t at_most = 100;
};

}  // namespace reprise
