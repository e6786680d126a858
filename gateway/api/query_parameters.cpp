#include "gateway/api/query_parameters.hpp"

#include <algorithm>
#include <charconv>

#include "actors/limits.hpp"
#include "gateway/json/text.hpp"
#include "gateway/json/time_text.hpp"
#include "gateway/limits.hpp"

namespace reprise::gateway {

namespace {

failure wrong(std::string_view name, const std::string& why) {
  return {cause::invalid, "parameter " + std::string(name) + ": " + why, false};
}

}  // namespace

std::optional<failure> strange_parameter(const target& where,
                                         std::span<const query_parameter> known,
                                         std::string_view raw) {
  for (std::size_t i = 0; i < where.query.size(); ++i) {
    const auto& name = where.query[i].first;
    bool found = false;
    for (const auto& one : known) found = found || one.name == name;
    if (found) continue;
    std::string all;
    for (const auto& one : known) (all += all.empty() ? "" : ", ") += one.name;
    return wrong(name_as_sent(raw, i),
                 all.empty() ? "this route takes no parameters" : "this route takes " + all);
  }
  return std::nullopt;
}

void parameters::refuse(std::string_view name, const std::string& why) {
  if (!refused_) refused_ = wrong(name, why);
}

const std::string* parameters::only(std::string_view name) {
  const auto is_it = [&](const auto& pair) { return pair.first == name; };
  if (std::count_if(where_.query.begin(), where_.query.end(), is_it) > 1)
    refuse(name, "it was given twice");
  return where_.find(name);
}

std::string parameters::text(std::string_view name) {
  const auto* value = only(name);
  return value != nullptr ? *value : "";
}

bool parameters::flag(std::string_view name, bool otherwise) {
  const auto* value = only(name);
  if (value == nullptr) return otherwise;
  if (same_ignoring_case(*value, "true")) return true;
  if (!same_ignoring_case(*value, "false")) refuse(name, "wanted true or false");
  return false;
}

time_point parameters::time(std::string_view name, time_point otherwise) {
  const auto* value = only(name);
  if (value == nullptr) return otherwise;
  const auto read = read_time(*value);
  if (!read) refuse(name, "wanted a time such as 2026-01-02T03:04:05Z");
  return read.value_or(otherwise);
}

time_point parameters::kept_time(std::string_view name, time_point otherwise) {
  const auto* value = only(name);
  if (value == nullptr) return otherwise;
  const auto read = read_kept_time(*value);
  if (!read) refuse(name, std::string(wanted_time));
  return read.value_or(otherwise);
}

std::vector<std::string> parameters::words(std::string_view name) {
  std::vector<std::string> all;
  for (const auto& [key, value] : where_.query) {
    if (key != name) continue;
    std::string_view rest = value;
    for (;;) {
      const auto end = rest.find(',');
      all.emplace_back(rest.substr(0, end));
      if (end == std::string_view::npos) break;
      rest.remove_prefix(end + 1);
    }
  }
  return all;
}

std::size_t parameters::limit() {
  const auto* value = only("limit");
  if (value == nullptr) return default_page;
  std::size_t most = 0;
  const auto end = value->data() + value->size();
  const auto [last, error] = std::from_chars(value->data(), end, most);
  if (error != std::errc() || last != end || most == 0 || most > max_page)
    refuse("limit", "wanted a number from 1 to " + std::to_string(max_page));
  return most;
}

std::string parameters::cursor(cursor_kind kind, bool (*is_place)(std::string_view)) {
  const auto* value = only("cursor");
  if (value == nullptr) return {};
  auto place = read_cursor(kind, *value);
  if (!place || (!place->empty() && !is_place(*place))) {
    refuse("cursor", "wanted what the page before gave as next");
    return {};
  }
  return std::move(*place);
}

std::string parameters::cursor(cursor_kind kind) {
  return cursor(kind, [](std::string_view place) { return is_key(place); });
}

actor_ref parameters::actor_cursor(cursor_kind kind) {
  const auto place = cursor(kind, [](std::string_view text) {
    const auto slash = text.find('/');
    return slash != text.npos && is_name(text.substr(0, slash)) && is_key(text.substr(slash + 1));
  });
  if (place.empty()) return {"", ""};
  const auto slash = place.find('/');
  return {place.substr(0, slash), place.substr(slash + 1)};
}

}  // namespace reprise::gateway
