// What the command line takes apart of JSON that our own server wrote: elements and members, each as
// compact JSON. Text that is no JSON has none.

#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace reprise::gateway {

std::vector<std::string> json_elements(std::string_view array);
// In the order in which they stand.
std::vector<std::pair<std::string, std::string>> json_members(std::string_view object);

// A value as a person reads it: a string without quotes and escapes, null as nothing.
std::string plain_text(std::string_view json);
// The value at `failure.text`, the way that plain_text shows it; "" when it is not there.
std::string plain_member(std::string_view object, std::string_view path);

}  // namespace reprise::gateway
