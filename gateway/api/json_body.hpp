// Reads the members of the JSON object in the body of a /v1 request, as strictly as `parameters` reads a
// query: invalid JSON, unknown members and values of the wrong type are refused with a JSON pointer. An
// empty body is an empty object; a null member counts as absent.
//
// A route reads all members, then checks refused() once. Borrows the body.

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
  // Returns the raw JSON of a member, which may be null; "" when absent.
  std::string_view json(std::string_view name) const noexcept;

  // Marks a member as wrong. The first one counts.
  void refuse(std::string_view name, failure why);
  // Returns the 400 that names the first wrong member and points to it; nothing if all are valid.
  std::optional<http_response> refused() const;

 private:
  template <class T>
  std::optional<T> read(std::string_view name);

  std::vector<std::pair<std::string, std::string_view>> found_;
  std::optional<failure> why_;
  std::string pointer_;  // of what was wrong
};

// Returns 415 for a body whose Content-Type is not JSON. A web page cannot send that type to another
// origin without the server's consent (CORS).
std::optional<http_response> refused_media(const http_request&);

}  // namespace reprise::gateway
