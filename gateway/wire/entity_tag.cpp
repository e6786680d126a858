#include "gateway/wire/entity_tag.hpp"

#include <charconv>
#include <system_error>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "gateway/json/text.hpp"

namespace reprise::gateway {

namespace {

constexpr std::string_view gzip_mark = "-gzip\"";

// Removes the next tag of a list and returns it trimmed. Our tags contain no commas.
std::string_view take_tag(std::string_view& list) noexcept {
  const auto end = list.find(',');
  const auto one = trimmed(list.substr(0, end));
  list.remove_prefix(end == std::string_view::npos ? list.size() : end + 1);
  return one;
}

// Returns a tag up to its last digit (`"0a`), compressed or not; "" if malformed.
std::string_view without_end(std::string_view tag) noexcept {
  if (tag.ends_with(gzip_mark)) return tag.substr(0, tag.size() - gzip_mark.size());
  return tag.ends_with('"') ? tag.substr(0, tag.size() - 1) : std::string_view();
}

// Returns the state in a strong tag of an actor; nothing for any other tag.
std::optional<std::uint64_t> state_in(std::string_view tag) noexcept {
  constexpr std::size_t half = 16;
  const auto text = without_end(tag);
  if (!text.starts_with('"') || text.size() != 1 + 2 * half) return std::nullopt;
  std::uint64_t state = 0;
  const auto* first = text.data() + 1;
  const auto [end, error] = std::from_chars(first, first + half, state, 16);
  if (error != std::errc() || end != first + half) return std::nullopt;
  return state;
}

}  // namespace

std::string tag_of(std::string_view shown) {
  const auto hash = XXH3_128bits(shown.data(), shown.size());
  std::string tag = "\"";
  append_hex(tag, hash.high64);
  append_hex(tag, hash.low64);
  return tag += '"';
}

std::string actor_tag(std::uint64_t state, std::string_view shown) {
  std::string tag = "\"";
  append_hex(tag, state);
  append_hex(tag, XXH3_64bits(shown.data(), shown.size()));
  return tag += '"';
}

std::string gzip_tag(std::string tag) {
  tag.pop_back();
  return tag += gzip_mark;
}

std::string_view found_among(std::string_view tag, std::string_view if_none_match) noexcept {
  while (!if_none_match.empty()) {
    const auto one = take_tag(if_none_match);
    if (one == "*") return tag;
    const auto strong = one.starts_with("W/") ? one.substr(2) : one;
    if (!strong.empty() && without_end(strong) == without_end(tag)) return strong;
  }
  return {};
}

bool has_condition(const http_request& request) noexcept {
  return !request.if_match.empty() || !request.if_none_match.empty();
}

result<std::optional<precondition>> condition_of(const http_request& request) {
  using kind = precondition::kind;
  if (!has_condition(request)) return std::optional<precondition>();
  std::string_view wanted = request.if_match, other = request.if_none_match;
  if (!other.empty() && (!wanted.empty() || take_tag(other) != "*" || !other.empty()))
    return failure{cause::invalid,
                   "a request that writes has If-Match, or If-None-Match: *, and not both", false};
  if (wanted.empty()) return std::optional(precondition{kind::absent, {}});
  precondition only{kind::state_among, {}};
  while (!wanted.empty()) {
    const auto one = take_tag(wanted);
    if (one == "*") only.what = kind::exists;
    if (const auto state = state_in(one)) only.tags.push_back(*state);
  }
  return std::optional(std::move(only));
}

}  // namespace reprise::gateway
