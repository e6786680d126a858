// The query parameters of a /v1 request, read strictly: a name that the route does not know, a value
// that is none of its kind, a name that comes twice are refused, because a filter that is lost
// silently shows, or destroys, what nobody asked for.
//
// A route reads all of them, then asks once whether anything was wrong.

#pragma once

#include <cstddef>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "actors/failure.hpp"
#include "actors/time.hpp"
#include "gateway/internal/cursor.hpp"
#include "gateway/internal/target.hpp"

namespace reprise::gateway {

class parameters {
 public:
  // `known`: every name that the route takes, in lower case.
  parameters(const target&, std::initializer_list<std::string_view> known);

  std::string text(std::string_view name);
  bool flag(std::string_view name, bool otherwise);
  time_point time(std::string_view name, time_point otherwise);
  std::vector<std::string> words(std::string_view name);  // with commas between; may come twice
  std::size_t limit();                                    // entries of a page
  std::string cursor(cursor_kind);  // the last entry of the page before; empty: none

  void refuse(std::string_view name, const std::string& why);
  // cause::invalid, naming the first parameter that was wrong.
  const std::optional<failure>& refused() const noexcept { return refused_; }

 private:
  const std::string* only(std::string_view name);

  const target& where_;
  std::optional<failure> refused_;
};

}  // namespace reprise::gateway
