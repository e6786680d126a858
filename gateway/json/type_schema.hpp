// Generates JSON Schemas (2020-12) of the bound types from their Cap'n Proto schemas. They describe
// exactly what read_json() accepts and append_json() writes.
//
// A struct has a schema for each direction. The input schema (NAMEInput): every member is optional and
// unknown ones are refused. The output schema (NAME): all members are present except the inactive ones
// of a union, and others may follow, because a later program may have more. Structs, enums and numbers
// beyond JSON's are named definitions, so that a type can contain itself.

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
  // `place`: the beginning of references to the definitions: "#/$defs/".
  explicit type_schemas(std::string_view place) : place_(place) {}

  void append(std::string& out, const payload_type&, direction);
  // Appends the output schema of a state, which is null if it was never written.
  void append_nullable(std::string& out, const payload_type&);

  // Writes all definitions that are referenced, directly or indirectly. Must be the last call.
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
  std::vector<named> named_;       // in the order of their first reference
  std::vector<std::string> used_;  // names of the fixed definitions that are referenced
};

}  // namespace reprise::gateway
