#include "gateway/internal/entity_tag.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "gateway/internal/text.hpp"

namespace reprise::gateway {

std::string tag_of(std::string_view shown) {
  const auto hash = XXH3_128bits(shown.data(), shown.size());
  std::string tag = "\"";
  append_hex(tag, hash.high64);
  append_hex(tag, hash.low64);
  return tag += '"';
}

bool is_among(std::string_view tag, std::string_view if_none_match) noexcept {
  for (;;) {
    const auto end = if_none_match.find(',');
    auto one = if_none_match.substr(0, end);
    while (one.starts_with(' ')) one.remove_prefix(1);
    while (one.ends_with(' ')) one.remove_suffix(1);
    if (one == "*") return true;
    if (one.starts_with("W/")) one.remove_prefix(2);
    if (one == tag) return true;
    if (end == std::string_view::npos) return false;
    if_none_match.remove_prefix(end + 1);
  }
}

}  // namespace reprise::gateway
