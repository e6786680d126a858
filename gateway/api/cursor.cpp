#include "gateway/api/cursor.hpp"

#include <algorithm>

#include "gateway/json/text.hpp"

namespace reprise::gateway {

std::string cursor_of(cursor_kind kind, std::string_view place) {
  if (place.empty()) return {};
  std::string token;
  append_base64(token, static_cast<char>(kind) + std::string(place));
  while (token.ends_with('=')) token.pop_back();
  std::replace(token.begin(), token.end(), '+', '-');
  std::replace(token.begin(), token.end(), '/', '_');
  return token;
}

std::optional<std::string> read_cursor(cursor_kind kind, std::string_view token) {
  if (token.empty()) return std::string();
  if (token.find_first_of("+/=") != std::string_view::npos) return std::nullopt;
  std::string padded(token);
  std::replace(padded.begin(), padded.end(), '-', '+');
  std::replace(padded.begin(), padded.end(), '_', '/');
  padded.append((4 - padded.size() % 4) % 4, '=');
  auto place = from_base64(padded);
  if (!place || place->size() < 2 || place->front() != static_cast<char>(kind)) return std::nullopt;
  if (!is_utf8(*place)) return std::nullopt;  // ids, keys and names are UTF-8
  place->erase(0, 1);
  return place;
}

}  // namespace reprise::gateway
