// The parsed target of a request: path segments and query parameters, percent-decoded once.

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace reprise::gateway {

struct target {
  // Split before decoding: an encoded slash does not separate segments.
  std::vector<std::string> segments;
  std::vector<std::pair<std::string, std::string>> query;  // names in lower case, in order

  const std::string* find(std::string_view name) const noexcept;    // the first of that name
  bool flag(std::string_view name, bool otherwise) const noexcept;  // true or false in any case
  std::optional<double> number(std::string_view name) const noexcept;
};

// Returns nothing if the percent-encoding is malformed, is not UTF-8 or contains a control character.
// Keeps empty segments, also the last one: `/instances/` with an empty id must not mean the list.
std::optional<target> parse_target(std::string_view raw);

// Returns the name of query parameter number `place`, in the case it was sent in; "" if there are fewer.
std::string name_as_sent(std::string_view raw, std::size_t place);

// Returns the target with its `code` parameter replaced, wherever it was; removed if `code` is "".
std::string with_code(std::string_view raw, std::string_view code);

}  // namespace reprise::gateway
