// JSON Schema (2020-12) of the bound types, derived from their Cap'n Proto schemas: exactly the form
// that `read_json` takes and `append_json` gives.
//
// A struct has a schema for each direction. On the way in (its name and `Input`) every member may be left
// out and no other is taken; on the way out (its name) all but the inactive ones of a union are there,
// and there may be others: a later program has more. Structs, enums and what JSON numbers cannot hold
// are definitions with a name, so that a type which contains itself has an end.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <capnp/schema.h>

#include "actors/payload_type.hpp"
#include "gateway/json/json_writer.hpp"

namespace reprise::gateway {

enum class direction : bool { in, out };

class type_schemas {
 public:
  // `place`: where the definitions will stand, as a reference begins: "#/$defs/".
  explicit type_schemas(std::string_view place) : place_(place) {}

  void append(std::string& out, const payload_type&, direction);
  // A state, on its way out: null stands for one that was never written.
  void append_nullable(std::string& out, const payload_type&);

  // All that was referred to, and what that refers to. The last call.
  void define(object_writer& definitions);

  type_schemas(const type_schemas&) = delete;
  type_schemas& operator=(const type_schemas&) = delete;

 private:
  enum class nullable : bool { no, yes };
  struct named {
    capnp::Schema schema;
    direction way;
    std::string name;
  };

  void refer(std::string& out, std::string_view name);
  void refer(std::string& out, capnp::Schema, direction);
  void append(std::string& out, capnp::Type, direction, nullable);
  void append_object(std::string& out, capnp::StructSchema, direction);
  void append_enum(std::string& out, capnp::EnumSchema);

  const std::string place_;
  std::vector<named> named_;       // in the order of the first reference
  std::vector<std::string> used_;  // names of the definitions that are the same everywhere
};

}  // namespace reprise::gateway
