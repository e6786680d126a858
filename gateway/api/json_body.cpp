#include "gateway/api/json_body.hpp"

#include <algorithm>
#include <utility>

#include "actors/codec.hpp"
#include "gateway/json/json_cursor.hpp"
#include "gateway/json/json_in.hpp"
#include "gateway/json/text.hpp"
#include "gateway/json/time_text.hpp"
#include "gateway/wire/problem.hpp"

namespace reprise::gateway {

namespace {

std::string unquoted(std::string_view json) {
  const auto text = read_json(type_of<std::string>(), json);
  return text ? std::string(text->bytes()) : std::string();
}

}  // namespace

json_body::json_body(std::string_view body, std::initializer_list<std::string_view> known) {
  const auto rest = without_blanks(body);
  if (rest.empty()) return;
  if (const auto valid = check_json(rest); !valid) {
    why_ = valid.error();
    return;
  }
  if (rest.front() != '{') {
    why_ = {cause::invalid, "at the top: wanted an object", false};
    return;
  }
  json_cursor parts(rest);
  while (const auto name = parts.next())
    found_.emplace_back(unquoted(*name), parts.next().value_or(std::string_view()));
  std::string all;
  for (const auto one : known) (all += all.empty() ? "" : ", ") += one;
  for (const auto& [name, value] : found_)
    if (std::find(known.begin(), known.end(), name) == known.end())
      refuse(name, {cause::invalid, "there is no such member here: this takes " + all, false});
}

std::string_view json_body::json(std::string_view name) const noexcept {
  for (const auto& [key, value] : found_)
    if (key == name) return value;
  return {};
}

template <class T>
std::optional<T> json_body::read(std::string_view name) {
  const auto given = json(name);
  if (given.empty() || given == "null") return std::nullopt;
  std::string pointer = "/" + std::string(name);
  const auto bytes = read_json(type_of<T>(), given, pointer);
  if (bytes) return **codec<T>::decode(*bytes);
  if (!why_) {
    why_ = bytes.error();
    pointer_ = std::move(pointer);
  }
  return std::nullopt;
}

std::string json_body::text(std::string_view name) { return read<std::string>(name).value_or(""); }

bool json_body::flag(std::string_view name, bool otherwise) {
  return read<bool>(name).value_or(otherwise);
}

std::optional<std::uint32_t> json_body::number(std::string_view name) {
  return read<std::uint32_t>(name);
}

time_point json_body::time(std::string_view name, time_point otherwise) {
  const auto given = read<std::string>(name);
  if (!given) return otherwise;
  const auto time = read_kept_time(*given);
  if (!time) refuse(name, {cause::invalid, std::string(wanted_time), false});
  return time.value_or(otherwise);
}

void json_body::refuse(std::string_view name, failure why) {
  if (why_) return;
  pointer_ = "/";
  for (const char c : name) {
    if (c == '~') {
      pointer_ += "~0";
    } else if (c == '/') {
      pointer_ += "~1";
    } else {
      pointer_ += c;
    }
  }
  why.text = "at " + pointer_ + ": " + why.text;
  why_ = std::move(why);
}

std::optional<http_response> json_body::refused() const {
  if (!why_) return std::nullopt;
  return problem(*why_, pointer_);
}

std::optional<http_response> refused_media(const http_request& request) {
  if (request.body.empty() || is_json_media(request.content_type)) return std::nullopt;
  return problem(415, "media_type", "the body must be sent with Content-Type: application/json");
}

}  // namespace reprise::gateway
