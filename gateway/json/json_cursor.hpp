// Walks through one array or object of JSON text that is known to be valid, and gives its parts as they stand
// there: a parser does not keep where a value stood, and a json payload keeps its bytes.
//
//   for (json_cursor parts(R"({"a": [1, 2]})"); auto part = parts.next();) ...   // "a", then [1, 2]
//
// Borrows the text, which the parts are pieces of.

#pragma once

#include <optional>
#include <string_view>

namespace reprise::gateway {

class json_cursor {
 public:
  explicit json_cursor(std::string_view array_or_object) noexcept;

  // The next element of an array; of an object a name, in its quotes, then its value. Nothing at the end.
  std::optional<std::string_view> next() noexcept;

 private:
  std::string_view rest_;  // behind the bracket that opens it
};

// Without the blanks of JSON around it.
std::string_view without_blanks(std::string_view) noexcept;

}  // namespace reprise::gateway
