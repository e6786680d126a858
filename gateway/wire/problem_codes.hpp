// All values of `code` in failures and in problems, for the OpenAPI document. Add new codes here.

#pragma once

#include <span>
#include <string_view>

namespace reprise::gateway {

std::span<const std::string_view> cause_words();    // the causes: docs/failures.md
std::span<const std::string_view> problem_codes();  // the causes, and the gateway's own codes

}  // namespace reprise::gateway
