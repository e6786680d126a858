// Reads the query parameters of a /v1 request strictly: unknown names, values of the wrong type and
// repeated names are refused. A filter that is silently lost would show, or purge, too much.
//
// The row of a route lists its parameters, which are checked before the handler runs (see
// strange_parameter). A handler reads all of them, then checks refused() once.

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

// A parameter of a route, as the OpenAPI document shows it.
struct query_parameter {
  std::string_view name;    // in lower case
  std::string_view schema;  // JSON
  std::string_view text;
  std::string_view otherwise{};  // the default, as it is written; "": none
};

class parameters {
 public:
  explicit parameters(const target& where) : where_(where) {}

  std::string text(std::string_view name);
  bool flag(std::string_view name, bool otherwise);
  time_point time(std::string_view name, time_point otherwise);
  // As time(), but refuses a time outside the range of time_point instead of clamping it.
  time_point kept_time(std::string_view name, time_point otherwise);
  std::vector<std::string> words(std::string_view name);  // comma-separated; may be repeated
  std::size_t limit();                                    // entries per page
  std::string cursor(cursor_kind);      // the last entry of the previous page; empty: none
  actor_ref actor_cursor(cursor_kind);  // the same for lists over all actor types

  // Marks a parameter as wrong. The first one counts.
  void refuse(std::string_view name, const std::string& why);
  // cause::invalid, naming the first wrong parameter; nothing if all are valid.
  const std::optional<failure>& refused() const noexcept { return refused_; }

 private:
  const std::string* only(std::string_view name);
  std::string cursor(cursor_kind, bool (*is_place)(std::string_view));

  const target& where_;
  std::optional<failure> refused_;
};

// Returns cause::invalid for the first parameter that is not in `known`, naming it as spelt in `raw`,
// the target before parsing. Returns nothing if all are known.
std::optional<failure> strange_parameter(const target&, std::span<const query_parameter> known,
                                         std::string_view raw);

}  // namespace reprise::gateway
