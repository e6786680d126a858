#include "actors/codec.hpp"

#include <capnp/schema.h>
#include <kj/exception.h>

#include <bit>
#include <cstring>

namespace reprise::internal {
namespace {

static_assert(std::endian::native == std::endian::little, "Cap'n Proto is little-endian");

template <class U>
void append_little_endian(std::string& out, U n) {
  char bytes[sizeof(U)];
  for (std::size_t i = 0; i < sizeof(U); ++i) bytes[i] = static_cast<char>(n >> (8 * i));
  out.append(bytes, sizeof(U));
}

template <class U>
bool read_little_endian(std::string_view& in, U& n) {
  if (in.size() < sizeof(U)) return false;
  n = 0;
  for (std::size_t i = 0; i < sizeof(U); ++i)
    n |= static_cast<U>(static_cast<unsigned char>(in[i])) << (8 * i);
  in.remove_prefix(sizeof(U));
  return true;
}

payload_type named(payload_kind kind, std::string name) {
  payload_type type;
  type.kind = kind;
  type.name = std::move(name);
  return type;
}

}  // namespace

void append_u64(std::string& out, std::uint64_t n) { append_little_endian(out, n); }
void append_u32(std::string& out, std::uint32_t n) { append_little_endian(out, n); }
bool read_u64(std::string_view& in, std::uint64_t& n) { return read_little_endian(in, n); }
bool read_u32(std::string_view& in, std::uint32_t& n) { return read_little_endian(in, n); }

bool read_bytes(std::string_view& in, std::size_t size, std::string_view& bytes) {
  if (in.size() < size) return false;
  bytes = in.substr(0, size);
  in.remove_prefix(size);
  return true;
}

std::uint64_t bits_of(double n) { return std::bit_cast<std::uint64_t>(n); }
double double_of(std::uint64_t bits) { return std::bit_cast<double>(bits); }

payload_type structure_type(capnp::StructSchema schema) {
  auto type = named(payload_kind::structure, schema.getProto().getDisplayName().cStr());
  type.schema = schema;
  return type;
}

payload_type integer_type(bool is_signed, unsigned bits) {
  auto type = named(is_signed ? payload_kind::signed_integer : payload_kind::unsigned_integer,
                    (is_signed ? "int" : "uint") + std::to_string(bits));
  type.bits = bits;
  return type;
}

payload_type list_type(const payload_type& element) {
  auto type = named(payload_kind::list, "list of " + element.name);
  type.element = &element;
  return type;
}

failure does_not_fit(const payload_type& type) {
  return {cause::invalid, "the bytes are no " + type.name, false};
}

const payload_type& none_type() {
  static const payload_type type = named(payload_kind::none, "none");
  return type;
}
const payload_type& json_type() {
  static const payload_type type = named(payload_kind::json, "json");
  return type;
}
const payload_type& boolean_type() {
  static const payload_type type = named(payload_kind::boolean, "boolean");
  return type;
}
const payload_type& number_type() {
  static const payload_type type = named(payload_kind::number, "number");
  return type;
}
const payload_type& text_type() {
  static const payload_type type = named(payload_kind::text, "text");
  return type;
}

// The segment table must describe exactly these bytes. Pointers inside are checked by the reader
// when they are followed.
bool is_message(const payload& bytes) noexcept {
  if (bytes.empty()) return true;
  std::string_view in = bytes.bytes();
  if (in.size() % 8 != 0) return false;
  std::uint64_t one_segment = 0;  // the usual message: {0, words}, then the words
  std::memcpy(&one_segment, in.data(), sizeof one_segment);
  if (one_segment == std::uint64_t{in.size() / 8 - 1} << 32) return in.size() > 8;
  std::uint32_t last = 0;
  if (!read_u32(in, last) || last > 512) return false;
  std::uint64_t words = 0;
  for (std::uint32_t i = 0; i <= last; ++i) {
    std::uint32_t size = 0;
    if (!read_u32(in, size)) return false;
    words += size;
  }
  std::uint64_t table = ((last + 3) / 2) * 8;  // padded to a word
  return words > 0 && table + words * 8 == bytes.size();
}

}  // namespace reprise::internal
