// The query parameters of a /v1 request, read strictly: a name that the route does not know, a value
// that is none of its kind, a name that comes twice are refused, because a filter that is lost
// silently shows, or destroys, what nobody asked for.
//
// Which names a route takes stands in its row of the table, and is checked before it is served. A route
// reads all of them, then asks once whether anything was wrong.

#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "actors/failure.hpp"
#include "actors/request.hpp"
#include "actors/time.hpp"
#include "gateway/api/cursor.hpp"
#include "gateway/wire/target.hpp"

namespace reprise::gateway {

// One that a route takes, as the OpenAPI document shows it.
struct query_parameter {
  std::string_view name;    // in lower case
  std::string_view schema;  // JSON
  std::string_view text;
};

class parameters {
 public:
  explicit parameters(const target& where) : where_(where) {}

  std::string text(std::string_view name);
  bool flag(std::string_view name, bool otherwise);
  time_point time(std::string_view name, time_point otherwise);
  time_point kept_time(std::string_view name, time_point otherwise);  // one that can be kept
  std::vector<std::string> words(std::string_view name);  // with commas between; may come twice
  std::size_t limit();                                    // entries of a page
  std::string cursor(cursor_kind);  // the last entry of the page before; empty: none
  // The same of a list of actors of all types.
  actor_ref actor_cursor(cursor_kind);

  void refuse(std::string_view name, const std::string& why);
  // cause::invalid, naming the first parameter that was wrong.
  const std::optional<failure>& refused() const noexcept { return refused_; }

 private:
  const std::string* only(std::string_view name);
  std::string cursor(cursor_kind, bool (*is_place)(std::string_view));

  const target& where_;
  std::optional<failure> refused_;
};

// cause::invalid, naming the first parameter that is none of `known` as it stands in `raw`, of which the
// target was parsed.
std::optional<failure> strange_parameter(const target&, std::span<const query_parameter> known,
                                         std::string_view raw);

}  // namespace reprise::gateway
