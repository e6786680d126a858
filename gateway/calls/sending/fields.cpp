#include "gateway/calls/sending/fields.hpp"

#include <algorithm>

namespace reprise::http::internal {
namespace {

// Refused, because the history would contain the secrets.
constexpr std::string_view secret_fields[] = {"authorization", "cookie", "proxy-authorization"};

// Refused, because libcurl sends them: duplicates would allow request smuggling.
constexpr std::string_view connection_fields[] = {
    "host", "content-length", "transfer-encoding", "connection", "keep-alive",
    "te",   "trailer",        "upgrade",           "expect",     "proxy-connection"};

constexpr std::string_view harmless_fields[] = {"accept", "accept-language", "content-type",
                                                "user-agent"};

template <std::size_t N>
bool among(const std::string_view (&names)[N], std::string_view name) {
  return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

failure unsayable(std::string_view name, std::string_view why) {
  std::string text = "the field \"";
  text.append(name).append("\" of a durable HTTP call ").append(why);
  return {cause::invalid, std::move(text), false};
}

}  // namespace

std::string lower(std::string_view text) {
  std::string made(text);
  for (char& c : made)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return made;
}

bool is_token(std::string_view text) noexcept {
  constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           marks.find(c) != marks.npos;
  });
}

bool is_field_value(std::string_view text) noexcept {
  return std::all_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte == '\t' || (byte >= 0x20 && byte != 0x7f);
  });
}

result<> check_field(std::string_view name, std::string_view value) {
  if (!is_token(name)) return unsayable("?", "has a name that is none");
  const auto known = lower(name);
  if (among(secret_fields, known))
    return unsayable(name, "would stand in the history; name a token (http::request::token)");
  if (among(connection_fields, known))
    return unsayable(name, "belongs to the connection; leave it out");
  if (!is_field_value(value)) return unsayable(name, "has control characters in its value");
  return done;
}

bool crosses_origins(std::string_view name) { return among(harmless_fields, lower(name)); }

bool is_text(std::string_view bytes) noexcept {
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
  for (std::size_t i = 0; i < bytes.size();) {
    const unsigned lead = at(i);
    if (lead == 0) return false;
    const std::size_t more = lead < 0x80                    ? 0
                             : lead >= 0xc2 && lead <= 0xdf ? 1
                             : lead >= 0xe0 && lead <= 0xef ? 2
                             : lead >= 0xf0 && lead <= 0xf4 ? 3
                                                            : 4;
    if (more == 4 || i + more >= bytes.size() + (more == 0 ? 1 : 0)) return false;
    for (std::size_t k = 1; k <= more; ++k)
      if ((at(i + k) & 0xc0) != 0x80) return false;
    // The second byte reveals overlong forms, surrogates and values above U+10FFFF.
    if (more >= 2) {
      const unsigned second = at(i + 1);
      if ((lead == 0xe0 && second < 0xa0) || (lead == 0xed && second > 0x9f) ||
          (lead == 0xf0 && second < 0x90) || (lead == 0xf4 && second > 0x8f))
        return false;
    }
    i += 1 + more;
  }
  return true;
}

}  // namespace reprise::http::internal
