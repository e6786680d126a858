#include "gateway/json/json_parts.hpp"

#include <simdjson.h>

namespace reprise::gateway {

namespace dom = simdjson::dom;

bool is_json(std::string_view text) {
  dom::parser parser;
  return parser.parse(text.data(), text.size()).error() == simdjson::SUCCESS;
}

std::string json_part(std::string_view object, std::string_view name) {
  dom::parser parser;
  dom::element found;
  if (parser.parse(object.data(), object.size()).at_key(name).get(found) != simdjson::SUCCESS)
    return {};
  return simdjson::minify(found);
}

std::vector<std::string> json_elements(std::string_view text) {
  std::vector<std::string> all;
  dom::parser parser;
  dom::array array;
  if (parser.parse(text.data(), text.size()).get(array) != simdjson::SUCCESS) return all;
  for (const auto element : array) all.push_back(simdjson::minify(element));
  return all;
}

std::vector<std::pair<std::string, std::string>> json_members(std::string_view text) {
  std::vector<std::pair<std::string, std::string>> all;
  dom::parser parser;
  dom::object object;
  if (parser.parse(text.data(), text.size()).get(object) != simdjson::SUCCESS) return all;
  for (const auto member : object)
    all.emplace_back(std::string(member.key), simdjson::minify(member.value));
  return all;
}

std::string plain_text(std::string_view json) {
  if (json == "null") return {};
  if (!json.starts_with('"')) return std::string(json);
  dom::parser parser;
  std::string_view text;
  if (parser.parse(json.data(), json.size()).get(text) != simdjson::SUCCESS)
    return std::string(json);
  return std::string(text);
}

std::string plain_member(std::string_view object, std::string_view path) {
  const auto dot = path.find('.');
  for (const auto& [name, value] : json_members(object)) {
    if (name != path.substr(0, dot)) continue;
    return dot == path.npos ? plain_text(value) : plain_member(value, path.substr(dot + 1));
  }
  return {};
}

bool nests_deeper(std::string_view text, std::size_t most) noexcept {
  std::size_t depth = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted) {
      if (c == '\\') ++i;
      quoted = c != '"';
    } else if (c == '"') {
      quoted = true;
    } else if (c == '[' || c == '{') {
      if (++depth > most) return true;
    } else if ((c == ']' || c == '}') && depth > 0) {
      --depth;
    }
  }
  return false;
}

}  // namespace reprise::gateway
