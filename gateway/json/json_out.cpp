#include "gateway/json/json_out.hpp"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>
#include <vector>

#include <capnp/dynamic.h>
#include <capnp/message.h>
#include <capnp/serialize.h>
#include <kj/exception.h>

#include "gateway/json/json_in.hpp"
#include "gateway/json/struct_shape.hpp"
#include "gateway/json/text.hpp"
#include "gateway/limits.hpp"

namespace reprise::gateway {

namespace {

constexpr std::int64_t exact = std::int64_t{1} << 53;

template <class Integer>
void append_integer(std::string& out, Integer value) {
  char digits[24];
  const auto [end, error] = std::to_chars(digits, digits + sizeof digits, value);
  out.append(digits, end);
}

// Appends an integer, as a string beyond 2^53, where a JavaScript number would lose digits.
template <class Integer>
void append_exact(std::string& out, Integer value) {
  const bool fits =
      std::is_signed_v<Integer>
          ? static_cast<std::int64_t>(value) <= exact && static_cast<std::int64_t>(value) >= -exact
          : static_cast<std::uint64_t>(value) <= static_cast<std::uint64_t>(exact);
  if (!fits) out += '"';
  append_integer(out, value);
  if (!fits) out += '"';
}

template <class Float>
void append_float(std::string& out, Float value) {
  if (std::isnan(value)) {
    out += "\"NaN\"";
  } else if (std::isinf(value)) {
    out += value > 0 ? "\"Infinity\"" : "\"-Infinity\"";
  } else {
    char digits[32];
    const auto [end, error] = std::to_chars(digits, digits + sizeof digits, value);
    out.append(digits, end);
    if (value == 0 && std::signbit(value))
      out += ".0";  // -0 alone would be read as an integer, without its sign
  }
}

// `type`: DynamicValue does not distinguish float and double, which need different numbers of digits.
void append_value(std::string& out, capnp::DynamicValue::Reader value, capnp::Type type);

void append_struct(std::string& out, capnp::DynamicStruct::Reader from) {
  const auto& shape = shape_of(from.getSchema());
  const char* before = "{";
  const auto member = [&](const struct_shape::field& field) {
    out += before;
    before = ",";
    out += field.label;
    if (!field.is_group && field.type.isStruct() && !from.has(field.of)) {
      out += "null";
    } else {
      append_value(out, from.get(field.of), field.type);
    }
  };
  for (const auto i : shape.plain) member(shape.fields[i]);
  if (shape.has_union) {
    KJ_IF_MAYBE (active, from.which()) {
      member(shape.fields[active->getIndex()]);
    }
  }
  out += before[0] == '{' ? "{}" : "}";
}

void append_value(std::string& out, capnp::DynamicValue::Reader value, capnp::Type type) {
  using capnp::DynamicValue;
  switch (value.getType()) {
    case DynamicValue::BOOL:
      out += value.as<bool>() ? "true" : "false";
      break;
    case DynamicValue::INT:
      append_exact(out, value.as<std::int64_t>());
      break;
    case DynamicValue::UINT:
      append_exact(out, value.as<std::uint64_t>());
      break;
    case DynamicValue::FLOAT:
      if (type.isFloat32()) {
        append_float(out, value.as<float>());
      } else {
        append_float(out, value.as<double>());
      }
      break;
    case DynamicValue::TEXT: {
      const auto text = value.as<capnp::Text>();
      append_quoted(out, {text.begin(), text.size()});
      break;
    }
    case DynamicValue::DATA: {
      const auto data = value.as<capnp::Data>();
      out += '"';
      append_base64(out, {reinterpret_cast<const char*>(data.begin()), data.size()});
      out += '"';
      break;
    }
    case DynamicValue::LIST: {
      out += '[';
      bool first = true;
      for (const auto element : value.as<capnp::DynamicList>()) {
        if (!first) out += ',';
        first = false;
        append_value(out, element, value.as<capnp::DynamicList>().getSchema().getElementType());
      }
      out += ']';
      break;
    }
    case DynamicValue::ENUM: {
      const auto number = value.as<capnp::DynamicEnum>();
      KJ_IF_MAYBE (name, number.getEnumerant()) {
        append_quoted(out, name->getProto().getName().cStr());
      } else {
        append_integer(out, number.getRaw());
      }
      break;
    }
    case DynamicValue::STRUCT:
      append_struct(out, value.as<capnp::DynamicStruct>());
      break;
    case DynamicValue::VOID:
    default:
      out += "null";
      break;
  }
}

std::uint64_t little_endian(std::string_view bytes, std::size_t count) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < count; ++i)
    value |= std::uint64_t{static_cast<unsigned char>(bytes[i])} << 8 * i;
  return value;
}

bool append_structure(std::string& out, capnp::StructSchema schema, std::string_view bytes) {
  if (bytes.empty()) {  // never written: all fields have their defaults
    capnp::MallocMessageBuilder message(8);
    append_struct(out, message.initRoot<capnp::DynamicStruct>(schema).asReader());
    return true;
  }
  if (bytes.size() % sizeof(capnp::word) != 0) return false;
  // With the default limits of Cap'n Proto: 64 MiB of traversal, 64 levels of nesting.
  capnp::FlatArrayMessageReader message(
      {reinterpret_cast<const capnp::word*>(bytes.data()), bytes.size() / sizeof(capnp::word)});
  append_struct(out, message.getRoot<capnp::DynamicStruct>(schema));
  return true;
}

bool append(std::string& out, const payload_type& type, std::string_view bytes);

bool append_list(std::string& out, const payload_type& element, std::string_view bytes) {
  if (bytes.size() < 4) return false;
  const auto count = little_endian(bytes, 4);
  bytes.remove_prefix(4);
  out += '[';
  std::vector<std::uint64_t> words;
  for (std::uint64_t i = 0; i < count; ++i) {
    if (bytes.size() < 4) return false;
    const auto size = little_endian(bytes, 4);
    bytes.remove_prefix(4);
    if (bytes.size() < size) return false;
    if (i != 0) out += ',';
    auto one = bytes.substr(0, size);
    if (element.kind == payload_kind::structure) {
      words.resize(size / sizeof(capnp::word) + 1);  // elements in the list are not aligned
      std::memcpy(words.data(), one.data(), size);
      one = {reinterpret_cast<const char*>(words.data()), size};
    }
    if (!append(out, element, one)) return false;
    bytes.remove_prefix(size);
  }
  out += ']';
  return bytes.empty();
}

bool append(std::string& out, const payload_type& type, std::string_view bytes) {
  switch (type.kind) {
    case payload_kind::none:
      out += "null";
      return bytes.empty();
    case payload_kind::json:
      if (bytes.empty()) {
        out += "null";
      } else if (check_json(bytes)) {
        out += bytes;
      } else {
        append_quoted(out, bytes);
      }
      return true;
    case payload_kind::boolean:
      if (bytes.size() != 1) return false;
      out += bytes[0] != 0 ? "true" : "false";
      return true;
    case payload_kind::signed_integer:
      if (bytes.size() != 8) return false;
      append_exact(out, static_cast<std::int64_t>(little_endian(bytes, 8)));
      return true;
    case payload_kind::unsigned_integer:
      if (bytes.size() != 8) return false;
      append_exact(out, little_endian(bytes, 8));
      return true;
    case payload_kind::number:
      if (bytes.size() != 8) return false;
      append_number(out, std::bit_cast<double>(little_endian(bytes, 8)));
      return true;
    case payload_kind::text:
      append_quoted(out, bytes);
      return true;
    case payload_kind::list:
      return append_list(out, *type.element, bytes);
    case payload_kind::structure:
      return append_structure(out, type.schema, bytes);
  }
  return false;
}

}  // namespace

result<> append_json(std::string& out, const payload_type& type, std::string_view bytes) {
  const auto size = out.size();
  std::string why;
  try {
    if (append(out, type, bytes)) return done;
  } catch (const kj::Exception& e) {
    why = std::string(": ") + e.getDescription().cStr();
  }
  out.resize(size);
  return failure{cause::corrupt, "the stored bytes are no " + type.name + why, false};
}

void append_quoted(std::string& out, std::string_view text) {
  constexpr std::string_view hex = "0123456789abcdef";
  // Copy runs of plain characters at once.
  const auto is_plain = [](char c) { return c >= 0x20 && c < 0x7f && c != '"' && c != '\\'; };
  out += '"';
  while (!text.empty()) {
    const auto plain = std::find_if_not(text.begin(), text.end(), is_plain) - text.begin();
    out.append(text, 0, static_cast<std::size_t>(plain));
    text.remove_prefix(static_cast<std::size_t>(plain));
    if (text.empty()) break;
    const char c = text.front();
    const auto byte = static_cast<unsigned char>(c);
    std::size_t taken = 1;
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\r') {
      out += "\\r";
    } else if (c == '\t') {
      out += "\\t";
    } else if (byte < 0x20 || byte == 0x7f) {
      out += "\\u00";
      out += hex[byte >> 4];
      out += hex[byte & 15];
    } else if ((taken = utf8_length(text)) != 0) {
      out += text.substr(0, taken);
    } else {
      taken = 1;
      out += "\xef\xbf\xbd";  // U+FFFD
    }
    text.remove_prefix(taken);
  }
  out += '"';
}

void append_number(std::string& out, std::int64_t value) { append_exact(out, value); }
void append_number(std::string& out, std::uint64_t value) { append_exact(out, value); }

void append_number(std::string& out, double value) { append_float(out, value); }

}  // namespace reprise::gateway
