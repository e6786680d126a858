// The paths of the rows of a route table as requests have them.

#pragma once

#include <map>
#include <string>
#include <string_view>

namespace reprise::gateway_test {

// Returns the path with something in the place of each capture: the instance is `open`, the actor
// stock/tea.
inline std::string filled(std::string_view path) {
  static const std::map<std::string, std::string> values{
      {"{type}", "stock"},  {"{key}", "tea"},        {"{operation}", "look"},
      {"{id}", "open"},     {"{new_id}", "one"},     {"{name}", "echo"},
      {"{letter}", "0c1f"}, {"{event}", "decision"}, {"{entity}", "stock@tea"}};
  std::string text(path);
  for (const auto& [name, value] : values)
    if (const auto at = text.find(name); at != text.npos) text.replace(at, name.size(), value);
  return text;
}

}  // namespace reprise::gateway_test
