// A cursor over one array or object of valid JSON text, which returns its parts as pieces of the text.
// simdjson does not keep the position of a value, and a json payload must keep its bytes.
//
//   for (json_cursor parts(R"({"a": [1, 2]})"); auto part = parts.next();) ...   // "a", then [1, 2]
//
// Borrows the text.

#pragma once

#include <optional>
#include <string_view>

namespace reprise::gateway {

class json_cursor {
 public:
  explicit json_cursor(std::string_view array_or_object) noexcept;

  // Returns the next element of an array; for an object, alternately a name in its quotes and a value.
  // Returns nothing at the end.
  std::optional<std::string_view> next() noexcept;

 private:
  std::string_view rest_;  // the text behind the last part
};

// Removes JSON white space at both ends.
std::string_view without_blanks(std::string_view) noexcept;

}  // namespace reprise::gateway
