#include "gateway/wire/target.hpp"

#include <charconv>
#include <utility>

#include "gateway/json/text.hpp"

namespace reprise::gateway {

const std::string* target::find(std::string_view name) const noexcept {
  for (const auto& [key, value] : query)
    if (key == name) return &value;
  return nullptr;
}

bool target::flag(std::string_view name, bool otherwise) const noexcept {
  const auto* value = find(name);
  if (value == nullptr) return otherwise;
  if (same_ignoring_case(*value, "true")) return true;
  if (same_ignoring_case(*value, "false")) return false;
  return otherwise;
}

std::optional<double> target::number(std::string_view name) const noexcept {
  const auto* value = find(name);
  if (value == nullptr) return std::nullopt;
  double parsed = 0;
  const auto end = value->data() + value->size();
  const auto [last, error] = std::from_chars(value->data(), end, parsed);
  if (error != std::errc() || last != end) return std::nullopt;
  return parsed;
}

std::optional<target> parse_target(std::string_view raw) {
  target out;
  const auto mark = raw.find('?');
  auto path = raw.substr(0, mark);
  if (path.starts_with('/')) path.remove_prefix(1);
  out.segments.reserve(8);
  for (bool more = !path.empty(); more;) {
    const auto end = path.find('/');
    auto segment = from_percent(path.substr(0, end), plus::is_plus);
    if (!segment) return std::nullopt;
    out.segments.push_back(std::move(*segment));
    more = end != std::string_view::npos;
    if (more) path.remove_prefix(end + 1);
  }
  auto query = mark == std::string_view::npos ? "" : raw.substr(mark + 1);
  while (!query.empty()) {
    const auto end = query.find('&');
    const auto pair = query.substr(0, end);
    const auto equals = pair.find('=');
    auto name = from_percent(pair.substr(0, equals), plus::is_space);
    auto value = from_percent(equals == std::string_view::npos ? "" : pair.substr(equals + 1),
                              plus::is_space);
    if (!name || !value) return std::nullopt;
    if (!pair.empty()) out.query.emplace_back(lower(*name), std::move(*value));
    if (end == std::string_view::npos) break;
    query.remove_prefix(end + 1);
  }
  return out;
}

std::string name_as_sent(std::string_view raw, std::size_t place) {
  const auto mark = raw.find('?');
  auto query = mark == std::string_view::npos ? "" : raw.substr(mark + 1);
  while (!query.empty()) {
    const auto end = query.find('&');
    const auto pair = query.substr(0, end);
    if (!pair.empty() && place-- == 0)
      return from_percent(pair.substr(0, pair.find('=')), plus::is_space).value_or("");
    if (end == std::string_view::npos) break;
    query.remove_prefix(end + 1);
  }
  return {};
}

std::string with_code(std::string_view raw, std::string_view code) {
  const auto mark = raw.find('?');
  std::string out(raw.substr(0, mark));
  char before = '?';
  const auto add = [&](std::string_view pair) {
    out += std::exchange(before, '&');
    out += pair;
  };
  auto query = mark == std::string_view::npos ? "" : raw.substr(mark + 1);
  while (!query.empty()) {
    const auto end = query.find('&');
    const auto pair = query.substr(0, end);
    const auto name = from_percent(pair.substr(0, pair.find('=')), plus::is_space);
    if (!name || lower(*name) != "code") add(pair);
    if (end == std::string_view::npos) break;
    query.remove_prefix(end + 1);
  }
  if (code.empty()) return out;
  add("code=");
  append_percent(out, code);
  return out;
}

}  // namespace reprise::gateway
