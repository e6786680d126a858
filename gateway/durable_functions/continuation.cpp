#include "gateway/durable_functions/continuation.hpp"

#include <algorithm>
#include <cmath>

#include "gateway/json/text.hpp"
#include "gateway/limits.hpp"

namespace reprise::gateway {

result<wanted_page> page_of(const request_context& e, cursor_kind kind) {
  wanted_page wanted{default_page, {}};
  const auto top = e.where.number("top");
  if (top && *top >= 1 && *top == std::floor(*top))
    wanted.top = static_cast<std::size_t>(std::min(*top, static_cast<double>(max_page)));
  auto place = read_cursor(kind, e.request.continuation_token);
  if (!place) return strange_token();
  wanted.after = std::move(*place);
  return wanted;
}

failure strange_token() {
  return {cause::invalid, "x-ms-continuation-token is not a token of this list", false};
}

http_response page_answer(std::string_view entries, std::string token) {
  http_response answer{200, std::string(json_media), {}, {}};
  answer.body.append("[").append(entries).append("]");
  answer.fields.emplace_back("x-ms-continuation-token", std::move(token));
  return answer;
}

}  // namespace reprise::gateway
