// The members of the JSON object that is a /v1 request's body, read strictly as `parameters` reads a
// query: text that is no JSON, a member that the route does not know, a value that is none of its kind
// are refused, with a pointer to it. No body is an object without members; null is as if not given.
//
// A route reads all of them, then asks once whether anything was wrong. Borrows the body.

#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "actors/failure.hpp"
#include "actors/time.hpp"
#include "gateway/wire/http_message.hpp"

namespace reprise::gateway {

class json_body {
 public:
  json_body(std::string_view body, std::initializer_list<std::string_view> known);

  std::string text(std::string_view name);
  bool flag(std::string_view name, bool otherwise);
  std::optional<std::uint32_t> number(std::string_view name);
  time_point time(std::string_view name, time_point otherwise);
  // The value as it stands there, null too; "" when it is not given.
  std::string_view json(std::string_view name) const noexcept;

  void refuse(std::string_view name, failure why);
  // The 400 that names the first member that was wrong, and its place.
  std::optional<http_response> refused() const;

 private:
  template <class T>
  std::optional<T> read(std::string_view name);

  std::vector<std::pair<std::string, std::string_view>> found_;
  std::optional<failure> why_;
  std::string pointer_;  // of what was wrong
};

// 415 when there is a body that is not said to be JSON: a web page cannot send that unasked.
std::optional<http_response> refused_media(const http_request&);

}  // namespace reprise::gateway
