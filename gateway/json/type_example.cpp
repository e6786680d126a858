#include "gateway/json/type_example.hpp"

#include <string_view>

#include <capnp/schema.h>

#include "gateway/json/json_out.hpp"
#include "gateway/json/json_writer.hpp"

namespace reprise::gateway {

namespace {

// Limits the recursion: a type may contain itself.
constexpr int most_levels = 3;

void append_struct(std::string& out, capnp::StructSchema schema, int level);

void append_value(std::string& out, capnp::Type type, std::string_view name, int level) {
  using which = capnp::schema::Type;
  switch (type.which()) {
    case which::BOOL:
      out += "true";
      return;
    case which::INT8:
    case which::INT16:
    case which::INT32:
    case which::INT64:
    case which::UINT8:
    case which::UINT16:
    case which::UINT32:
    case which::UINT64:
      out += '1';
      return;
    case which::FLOAT32:
    case which::FLOAT64:
      out += "1.5";
      return;
    case which::TEXT:
      return append_quoted(out, name);
    case which::DATA:
      out += R"("AAE=")";
      return;
    case which::ENUM:
      return append_quoted(out, type.asEnum().getEnumerants()[0].getProto().getName().cStr());
    case which::LIST:
      out += '[';
      append_value(out, type.asList().getElementType(), name, level);
      out += ']';
      return;
    case which::STRUCT:
      return append_struct(out, type.asStruct(), level + 1);
    default:
      out += "null";
  }
}

// Shows the first member of a union.
void append_struct(std::string& out, capnp::StructSchema schema, int level) {
  object_writer object(out);
  const auto add = [&](capnp::StructSchema::Field field) {
    const std::string_view name = field.getProto().getName().cStr();
    const bool ends = level >= most_levels && !field.getProto().isGroup() &&
                      (field.getType().isStruct() || field.getType().isList());
    auto& value = object.member(name);
    if (!ends) return append_value(value, field.getType(), name, level);
    value += "null";
  };
  for (const auto field : schema.getNonUnionFields()) add(field);
  if (schema.getUnionFields().size() > 0) add(schema.getUnionFields()[0]);
}

}  // namespace

std::string example_of(const payload_type& type) {
  std::string out;
  switch (type.kind) {
    case payload_kind::none:
      return "null";
    case payload_kind::json:
      return R"({"any":"JSON"})";
    case payload_kind::boolean:
      return "true";
    case payload_kind::signed_integer:
    case payload_kind::unsigned_integer:
      return "1";
    case payload_kind::number:
      return "1.5";
    case payload_kind::text:
      return R"("text")";
    case payload_kind::list:
      return '[' + example_of(*type.element) + ']';
    case payload_kind::structure:
      append_struct(out, type.schema, 1);
      return out;
  }
  return out;
}

}  // namespace reprise::gateway
