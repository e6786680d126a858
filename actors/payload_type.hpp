// Describes the bytes of a payload: enough for the gateway to convert JSON to them and back, and
// for the store to keep the schema they were written with. One constant for each C++ type, valid forever.

#pragma once

#include <cstdint>
#include <string>

#include <capnp/schema.h>

namespace reprise {

// Encodings: none = no bytes; json = the validated text, byte for byte; boolean = one byte;
// integers = 8 bytes, two's complement, little endian; number = IEEE double, 8 bytes; text = UTF-8;
// list = u32 count, then for each element u32 size and its bytes (little endian, no padding);
// structure = one Cap'n Proto message, flat (segment table and words).
enum class payload_kind : std::uint8_t {
  none,
  json,
  boolean,
  signed_integer,
  unsigned_integer,
  number,
  text,
  list,
  structure
};

struct payload_type {
  payload_kind kind = payload_kind::none;
  unsigned bits = 0;                      // integers: 8, 16, 32 or 64, the range that is accepted
  const payload_type* element = nullptr;  // list
  capnp::StructSchema schema;             // structure
  std::string name;  // for people: "none", "uint32", "list of text", "shop.capnp:Ask"
};

}  // namespace reprise
