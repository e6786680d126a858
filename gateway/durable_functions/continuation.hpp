// Paging as in Durable Functions: `top` is the most entries per page, and the header
// x-ms-continuation-token continues where the last page ended. A page may be short, even empty, while
// the response carries a token: clients loop until the token is empty.

#pragma once

#include <string>

#include "gateway/api/cursor.hpp"
#include "gateway/api/request_context.hpp"

namespace reprise::gateway {

struct wanted_page {
  std::size_t top = 0;
  std::string after;  // the last entry of the previous page; empty: from the beginning
};

// Reads `top` and the token. cause::invalid: the token does not belong to this list.
result<wanted_page> page_of(const request_context&, cursor_kind);
failure strange_token();

// Returns a page. `entries`: JSON objects, separated by commas; `token`: "" at the end.
http_response page_answer(std::string_view entries, std::string token);

}  // namespace reprise::gateway
