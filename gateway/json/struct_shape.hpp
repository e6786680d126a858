// What JSON asks of a struct's schema for every value: names, types and which of them exclude each other.
// Cap'n Proto reads its schema anew for each such question, some hundred instructions each; here they are
// asked once.
//
// Threads: each has shapes of its own. A schema is part of the program, or of a module that is never
// unloaded; its shape stays as long as the thread does.

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
    std::string label;  // of an object's member: "name":
    bool is_group = false;
    bool in_union = false;  // of those one at a time is there
  };

  std::string_view name;
  std::vector<field> fields;       // by their index
  std::vector<std::size_t> plain;  // of them those that are in no union, in the order of JSON
  bool has_union = false;
  std::size_t data_words = 0, pointers = 0;

  const field* find(std::string_view field_name) const noexcept;  // null: there is none
  std::size_t bytes() const noexcept { return 8 * (data_words + pointers); }
};

const struct_shape& shape_of(capnp::StructSchema);

}  // namespace reprise::gateway
