#include "actors/moment.hpp"

#include <cmath>
#include <cstdio>

namespace reprise::internal {
namespace {

void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  for (char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      char escape[8];
      std::snprintf(escape, sizeof(escape), "\\u%04x", static_cast<unsigned>(c));
      out += escape;
    } else {
      out += c;
    }
  }
  out += '"';
}

void append_number(std::string& out, double n) {
  if (!std::isfinite(n)) {
    out += "null";  // JSON has no such number
    return;
  }
  char text[40];
  std::snprintf(text, sizeof(text), "%.17g", n);
  out += text;
}

void append_json(std::string& out, const payload_type& type, std::string_view bytes) {
  std::uint64_t raw = 0;
  switch (type.kind) {
    case payload_kind::none:
      out += "null";
      return;
    case payload_kind::json:
      out += bytes;
      return;
    case payload_kind::boolean:
      out += bytes == "\1" ? "true" : "false";
      return;
    case payload_kind::text:
      append_quoted(out, bytes);
      return;
    case payload_kind::signed_integer:
      if (read_u64(bytes, raw)) out += std::to_string(static_cast<std::int64_t>(raw));
      return;
    case payload_kind::unsigned_integer:
      if (read_u64(bytes, raw)) out += std::to_string(raw);
      return;
    case payload_kind::number:
      if (read_u64(bytes, raw)) append_number(out, double_of(raw));
      return;
    case payload_kind::list: {
      std::uint32_t count = 0, size = 0;
      std::string_view one;
      out += '[';
      if (read_u32(bytes, count))
        for (std::uint32_t i = 0; i < count; ++i) {
          if (!read_u32(bytes, size) || !read_bytes(bytes, size, one)) break;
          if (i > 0) out += ',';
          append_json(out, *type.element, one);
        }
      out += ']';
      return;
    }
    case payload_kind::structure:
      return;  // refused at compile time
  }
}

}  // namespace

std::string json_text(const payload_type& type, const payload& shown) {
  std::string text;
  append_json(text, type, shown.bytes());
  return text;
}

}  // namespace reprise::internal
