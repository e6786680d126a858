// The target of a request, taken apart: path segments and query parameters, percent-decoded once.

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace reprise::gateway {

struct target {
  std::vector<std::string>
      segments;  // split first, decoded then: an encoded slash separates nothing
  std::vector<std::pair<std::string, std::string>> query;  // names in lower case, in order

  const std::string* find(std::string_view name) const noexcept;    // the first of that name
  bool flag(std::string_view name, bool otherwise) const noexcept;  // true or false in any case
  std::optional<double> number(std::string_view name) const noexcept;
};

// Nothing when an encoding is malformed, is no UTF-8, or hides a control character. An empty segment is
// a segment, also the last one: who meant an id, and had none, did not mean the list.
std::optional<target> parse_target(std::string_view raw);

// The name of a parameter of its query, in the case it was sent in; "" when there are not so many.
std::string name_as_sent(std::string_view raw, std::size_t place);

// The target with this `code` in place of its own, wherever that stood; "": with none.
std::string with_code(std::string_view raw, std::string_view code);

}  // namespace reprise::gateway
