// Every word that the `code` of a failure, and that of a problem, can be: the OpenAPI document lists them.
// One that is new must be among them.

#pragma once

#include <span>
#include <string_view>

namespace reprise::gateway {

std::span<const std::string_view> cause_words();    // of causes: docs/failures.md
std::span<const std::string_view> problem_codes();  // these, and of what is refused before

}  // namespace reprise::gateway
