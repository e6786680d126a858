// How Durable Functions pages its lists: `top` says how many at most, the header
// x-ms-continuation-token goes on where the last page ended. A page may be short, even empty, while
// the answer carries a token: clients loop on the token alone. At the end it is there and empty.

#pragma once

#include <string>

#include "gateway/api/cursor.hpp"
#include "gateway/api/request_context.hpp"

namespace reprise::gateway {

struct wanted_page {
  std::size_t top = 0;
  std::string after;  // the last entry that was seen; empty: from the beginning
};

// cause::invalid: the token is none of that list.
result<wanted_page> page_of(const request_context&, cursor_kind);
failure strange_token();

// `entries`: JSON objects with commas between.
http_response page_answer(std::string_view entries, std::string token);

}  // namespace reprise::gateway
