// A cache of what the JSON reader and writer need from a struct's schema for every value: names, types
// and unions. Cap'n Proto parses its schema again for each query, some hundred instructions each time.
//
// Threads: each has its own cache, which lives as long as the thread. Schemas are never unloaded: they
// are part of the program or of a module.

#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <capnp/schema.h>

namespace reprise::gateway {

struct struct_shape {
  struct field {
    capnp::StructSchema::Field of;
    capnp::Type type;
    std::string_view name;
    std::string label;  // of the JSON member: "name":
    bool is_group = false;
    bool in_union = false;  // only one field of the union is set
  };

  std::string_view name;
  std::vector<field> fields;       // by index
  std::vector<std::size_t> plain;  // indices of the fields outside the union, in the order of JSON
  bool has_union = false;
  std::size_t data_words = 0, pointers = 0;

  const field* find(std::string_view field_name) const noexcept;  // null if missing
  std::size_t bytes() const noexcept { return 8 * (data_words + pointers); }
};

const struct_shape& shape_of(capnp::StructSchema);

}  // namespace reprise::gateway
