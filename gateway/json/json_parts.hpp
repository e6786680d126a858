// JSON as text, without a type. What the command line takes apart of what our own server wrote: elements
// and members, each as compact JSON; text that is no JSON has none. And how deep a stranger's goes.

#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace reprise::gateway {

// One whole JSON value, however deep.
bool is_json(std::string_view text);

std::vector<std::string> json_elements(std::string_view array);
// In the order in which they stand.
std::vector<std::pair<std::string, std::string>> json_members(std::string_view object);

// One of them; "" when it is not there.
std::string json_part(std::string_view object, std::string_view name);

// A value as a person reads it: a string without quotes and escapes, null as nothing.
std::string plain_text(std::string_view json);
// The value at `failure.text`, the way that plain_text shows it; "" when it is not there.
std::string plain_member(std::string_view object, std::string_view path);

// Has the text more levels of arrays and objects than that? It may be no JSON.
bool nests_deeper(std::string_view text, std::size_t most) noexcept;

}  // namespace reprise::gateway
