#include "tests/gateway/v1/schema_check.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <regex>
#include <string>
#include <string_view>

namespace reprise::gateway_test {

namespace {

namespace dom = simdjson::dom;

template <class T>
T as(dom::element e) {
  T value{};
  if (e.get(value) != simdjson::SUCCESS) throw std::logic_error("not of this kind");
  return value;
}

bool find(dom::element object, std::string_view name, dom::element& found) {
  return object[name].get(found) == simdjson::SUCCESS;
}

bool is_whole(dom::element e) {
  if (e.is_int64() || e.is_uint64()) return true;
  return e.is_double() && as<double>(e) == std::trunc(as<double>(e));
}

bool is_kind(dom::element value, std::string_view kind) {
  if (kind == "null") return value.is_null();
  if (kind == "boolean") return value.is_bool();
  if (kind == "string") return value.is_string();
  if (kind == "array") return value.is_array();
  if (kind == "object") return value.is_object();
  return kind == "integer" ? is_whole(value) : kind == "number" && value.is_number();
}

bool same(dom::element a, dom::element b) { return simdjson::minify(a) == simdjson::minify(b); }

dom::element target_of(dom::element document, std::string_view reference) {
  dom::element found;
  if (!reference.starts_with("#/") ||
      document.at_pointer(reference.substr(1)).get(found) != simdjson::SUCCESS)
    throw std::logic_error("no such place: " + std::string(reference));
  return found;
}

class checker {
 public:
  explicit checker(dom::element document) : document_(document) {}

  std::string check(dom::element schema, dom::element value, const std::string& place) const {
    for (const auto keyword : as<dom::object>(schema)) {
      auto wrong = check(schema, keyword.key, keyword.value, value, place);
      if (!wrong.empty()) return wrong;
    }
    return {};
  }

 private:
  std::string check(dom::element schema, std::string_view keyword, dom::element rule,
                    dom::element value, const std::string& place) const {
    const auto unless = [&](bool fits) {
      return fits ? std::string()
                  : place + ": " + simdjson::minify(value) + " is against " + std::string(keyword) +
                        " " + simdjson::minify(rule);
    };
    if (keyword == "$ref")
      return check(target_of(document_, as<std::string_view>(rule)), value, place);
    if (keyword == "type") return unless(is_of_type(rule, value));
    if (keyword == "const") return unless(same(rule, value));
    if (keyword == "enum") return unless(is_one_of(rule, value));
    if (keyword == "not") return unless(!check(rule, value, place).empty());
    if (keyword == "anyOf") return unless(fitting(rule, value, place) > 0);
    if (keyword == "oneOf") return unless(fitting(rule, value, place) == 1);
    if (keyword == "allOf") return check_all(rule, value, place);
    if (keyword == "minimum")
      return unless(!value.is_number() || as<double>(value) >= as<double>(rule));
    if (keyword == "maximum")
      return unless(!value.is_number() || as<double>(value) <= as<double>(rule));
    if (keyword == "pattern") return unless(!value.is_string() || matches(rule, value));
    if (keyword == "minLength") return unless(!value.is_string() || length(value) >= number(rule));
    if (keyword == "maxLength") return unless(!value.is_string() || length(value) <= number(rule));
    if (keyword == "maxProperties")
      return unless(!value.is_object() || size(value) <= as<std::uint64_t>(rule));
    if (keyword == "required") return unless(!value.is_object() || has_all(rule, value));
    if (keyword == "items") return value.is_array() ? check_items(rule, value, place) : "";
    if (keyword == "properties")
      return value.is_object() ? check_members(schema, value, place) : "";
    constexpr std::string_view told_elsewhere[] = {
        "additionalProperties", "description", "format", "contentEncoding", "readOnly", "examples"};
    if (std::find(std::begin(told_elsewhere), std::end(told_elsewhere), keyword) !=
        std::end(told_elsewhere))
      return {};
    return place + ": the schema says " + std::string(keyword) + ", which is not known here";
  }

  static bool is_of_type(dom::element rule, dom::element value) {
    if (rule.is_string()) return is_kind(value, as<std::string_view>(rule));
    bool any = false;
    for (const dom::element kind : as<dom::array>(rule))
      any = any || is_kind(value, as<std::string_view>(kind));
    return any;
  }

  static bool is_one_of(dom::element rule, dom::element value) {
    bool any = false;
    for (const dom::element one : as<dom::array>(rule)) any = any || same(one, value);
    return any;
  }

  static bool has_all(dom::element rule, dom::element value) {
    dom::element ignored;
    bool all = true;
    for (const dom::element name : as<dom::array>(rule))
      all = all && find(value, as<std::string_view>(name), ignored);
    return all;
  }

  static bool matches(dom::element rule, dom::element value) {
    return std::regex_search(std::string(as<std::string_view>(value)),
                             std::regex(std::string(as<std::string_view>(rule))));
  }

  static std::uint64_t number(dom::element rule) { return as<std::uint64_t>(rule); }
  static std::size_t length(dom::element value) {  // in code points
    const auto text = as<std::string_view>(value);
    return std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xc0) != 0x80; });
  }

  static std::size_t size(dom::element value) { return as<dom::object>(value).size(); }

  int fitting(dom::element rules, dom::element value, const std::string& place) const {
    int count = 0;
    for (const dom::element one : as<dom::array>(rules)) count += check(one, value, place).empty();
    return count;
  }

  // A member that one of them does not know is that of another.
  std::string check_all(dom::element rules, dom::element value, const std::string& place) const {
    auto whole = *this;
    whole.parts_ = rules;
    whole.parts_place_ = place;
    for (const dom::element one : as<dom::array>(rules))
      if (auto wrong = whole.check(one, value, place); !wrong.empty()) return wrong;
    return {};
  }

  bool is_known_beside(std::string_view name, const std::string& place) const {
    if (!parts_ || parts_place_ != place) return false;
    bool known = false;
    for (dom::element one : as<dom::array>(*parts_)) {
      dom::element found;
      if (find(one, "$ref", found)) one = target_of(document_, as<std::string_view>(found));
      known = known || (find(one, "properties", found) && find(found, name, found));
    }
    return known;
  }

  std::string check_items(dom::element rule, dom::element value, const std::string& place) const {
    std::size_t index = 0;
    for (const dom::element one : as<dom::array>(value))
      if (auto wrong = check(rule, one, place + "/" + std::to_string(index++)); !wrong.empty())
        return wrong;
    return {};
  }

  std::string check_members(dom::element schema, dom::element value,
                            const std::string& place) const {
    dom::element properties, others;
    find(schema, "properties", properties);
    const bool told = find(schema, "additionalProperties", others);
    for (const auto member : as<dom::object>(value)) {
      const auto here = place + "/" + std::string(member.key);
      dom::element rule;
      std::string wrong;
      if (find(properties, member.key, rule)) {
        wrong = check(rule, member.value, here);
      } else if (is_known_beside(member.key, place)) {
        continue;
      } else if (!told || (others.is_bool() && !as<bool>(others))) {
        wrong = here + ": the schema has no such member";
      } else if (others.is_object()) {
        wrong = check(others, member.value, here);
      }
      if (!wrong.empty()) return wrong;
    }
    return {};
  }

  dom::element document_;
  std::optional<dom::element> parts_{};  // of the allOf around, which is at:
  std::string parts_place_{};
};

}  // namespace

std::string misfit(dom::element document, dom::element schema, dom::element value) {
  return checker(document).check(schema, value, "");
}

namespace {
std::string dangling_in(dom::element document, dom::element part) {
  std::string found;
  if (part.is_array())
    for (const dom::element one : as<dom::array>(part))
      if (found.empty()) found = dangling_in(document, one);
  if (!part.is_object()) return found;
  for (const auto member : as<dom::object>(part)) {
    if (!found.empty()) return found;
    if (member.key != "$ref") {
      found = dangling_in(document, member.value);
      continue;
    }
    const auto reference = as<std::string_view>(member.value);
    dom::element ignored;
    if (document.at_pointer(reference.substr(1)).get(ignored) != simdjson::SUCCESS)
      found = reference;
  }
  return found;
}
}  // namespace

std::string dangling(dom::element document) { return dangling_in(document, document); }

}  // namespace reprise::gateway_test
