// Takes JSON apart without a type: elements and members as compact JSON, for the command line, which
// reads responses of a server. Invalid JSON has no elements or members. Also measures the depth of
// untrusted JSON.

#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace reprise::gateway {

// Returns whether the text is one JSON value; the depth is not limited to max_json_depth.
bool is_json(std::string_view text);

std::vector<std::string> json_elements(std::string_view array);
// Returns names and values in their order in the text.
std::vector<std::pair<std::string, std::string>> json_members(std::string_view object);

// Returns one member; "" if missing.
std::string json_part(std::string_view object, std::string_view name);

// Returns a value for people: a string without quotes and escapes, null as "".
std::string plain_text(std::string_view json);
// Returns the plain_text() of a member at a path such as `failure.text`; "" if missing.
std::string plain_member(std::string_view object, std::string_view path);

// Returns whether the text, which may be invalid JSON, has more than `most` levels of arrays and objects.
bool nests_deeper(std::string_view text, std::size_t most) noexcept;

}  // namespace reprise::gateway
