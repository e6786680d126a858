#include "gateway/json/type_schema.hpp"

#include <algorithm>
#include <limits>

#include "gateway/json/json_out.hpp"

namespace reprise::gateway {

namespace {

struct shared_definition {
  std::string_view name, json;
};
// Fixed definitions. 64-bit integers are written as numbers up to 2^53, as strings beyond; both are read.
// `maximum` is the largest double within the range, because the integers above it would round to a value
// out of range. The patterns match exactly the 64-bit range.
constexpr shared_definition shared[] = {
    {"Bytes", R"({"type":"string","contentEncoding":"base64",)"
              R"("pattern":"^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$"})"},
    {"Int64",
     R"({"anyOf":[{"type":"integer","minimum":-9223372036854775808,"maximum":9223372036854774784},)"
     R"({"type":"string","pattern":"^(-?(0|[1-9][0-9]{0,17}|[1-8][0-9]{18}|9[01][0-9]{17}|)"
     R"(92[01][0-9]{16}|922[0-2][0-9]{15}|9223[0-2][0-9]{14}|92233[0-6][0-9]{13}|)"
     R"(922337[01][0-9]{12}|92233720[0-2][0-9]{10}|922337203[0-5][0-9]{9}|9223372036[0-7][0-9]{8}|)"
     R"(92233720368[0-4][0-9]{7}|922337203685[0-3][0-9]{6}|9223372036854[0-6][0-9]{5}|)"
     R"(92233720368547[0-6][0-9]{4}|922337203685477[0-4][0-9]{3}|9223372036854775[0-7][0-9]{2}|)"
     R"(922337203685477580[0-7])|-9223372036854775808)$"}],"format":"int64"})"},
    {"Nothing", R"({"anyOf":[{"type":"null"},{"type":"object","maxProperties":0}]})"},
    {"Number", R"({"anyOf":[{"type":"number"},{"enum":["NaN","Infinity","-Infinity"]}]})"},
    {"UInt64",
     R"({"anyOf":[{"type":"integer","minimum":0,"maximum":18446744073709549568},)"
     R"({"type":"string","pattern":"^(0|[1-9][0-9]{0,18}|1[0-7][0-9]{18}|18[0-3][0-9]{17}|)"
     R"(184[0-3][0-9]{16}|1844[0-5][0-9]{15}|18446[0-6][0-9]{14}|184467[0-3][0-9]{13}|)"
     R"(1844674[0-3][0-9]{12}|184467440[0-6][0-9]{10}|1844674407[0-2][0-9]{9}|)"
     R"(18446744073[0-6][0-9]{8}|1844674407370[0-8][0-9]{6}|18446744073709[0-4][0-9]{5}|)"
     R"(184467440737095[0-4][0-9]{4}|18446744073709550[0-9]{3}|18446744073709551[0-5][0-9]{2}|)"
     R"(1844674407370955160[0-9]|1844674407370955161[0-5])$"}],"format":"uint64"})"},
};

void append_range(std::string& out, bool is_signed, unsigned bits) {
  const std::int64_t highest = (std::int64_t{1} << (is_signed ? bits - 1 : bits)) - 1;
  out += R"({"type":"integer","minimum":)";
  append_number(out, is_signed ? -highest - 1 : std::int64_t{0});
  out += R"(,"maximum":)";
  append_number(out, highest);
  out += '}';
}

void append_kind(std::string& out, std::string_view kind, bool or_null) {
  out += R"({"type":)";
  if (or_null) out += '[';
  append_quoted(out, kind);
  if (or_null) out += R"(,"null"])";
}

// Turns shop.capnp:Order into shop.Order.
std::string name_of(capnp::Schema schema) {
  std::string name = schema.getProto().getDisplayName().cStr();
  name.erase(0, name.find_last_of('/') + 1);
  const std::string_view file = ".capnp:";
  if (const auto end = name.find(file); end != std::string::npos)
    name.replace(end, file.size(), ".");
  const auto is_plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
  };
  std::replace_if(
      name.begin(), name.end(), [&](char c) { return !is_plain(c); }, '_');
  return name;
}

}  // namespace

void type_schemas::refer(std::string& out, std::string_view name) {
  out += R"({"$ref":")";
  out.append(place_).append(name).append("\"}");
  const bool is_shared =
      std::any_of(std::begin(shared), std::end(shared),
                  [&](const shared_definition& one) { return one.name == name; });
  if (is_shared && std::find(used_.begin(), used_.end(), name) == used_.end())
    used_.emplace_back(name);
}

void type_schemas::refer(std::string& out, capnp::Schema schema, direction way) {
  if (schema.getProto().isEnum()) way = direction::out;  // enums are the same in both directions
  for (const auto& one : named_)
    if (one.schema == schema && one.way == way) return refer(out, one.name);
  auto name = name_of(schema);
  if (way == direction::in) name += "Input";
  const auto taken = [&](const std::string& wanted) {
    return std::any_of(named_.begin(), named_.end(),
                       [&](const named& one) { return one.name == wanted; });
  };
  const auto first = name;
  for (int n = 2; taken(name); ++n) name = first + '-' + std::to_string(n);
  named_.push_back({schema, way, name});
  refer(out, name);
}

void type_schemas::append(std::string& out, const payload_type& type, direction way) {
  switch (type.kind) {
    case payload_kind::none:
      return refer(out, "Nothing");
    case payload_kind::json:
      out += "{}";
      return;
    case payload_kind::boolean:
      out += R"({"type":"boolean"})";
      return;
    case payload_kind::signed_integer:
      return type.bits >= 64 ? refer(out, "Int64") : append_range(out, true, type.bits);
    case payload_kind::unsigned_integer:
      return type.bits >= 64 ? refer(out, "UInt64") : append_range(out, false, type.bits);
    case payload_kind::number:
      return refer(out, "Number");
    case payload_kind::text:
      out += R"({"type":"string"})";
      return;
    case payload_kind::list:
      out += R"({"type":"array","items":)";
      append(out, *type.element, way);
      out += '}';
      return;
    case payload_kind::structure:
      return refer(out, type.schema, way);
  }
}

void type_schemas::append_nullable(std::string& out, const payload_type& type) {
  out += R"({"anyOf":[)";
  append(out, type, direction::out);
  out += R"(,{"type":"null"}]})";
}

// `or_null`: the value is a field, so a pointer type may be null, which leaves it unset.
void type_schemas::append(std::string& out, capnp::Type type, direction way, nullable or_null) {
  using which = capnp::schema::Type;
  const bool maybe = or_null == nullable::yes;
  switch (type.which()) {
    case which::BOOL:
      out += R"({"type":"boolean"})";
      return;
    case which::INT8:
      return append_range(out, true, 8);
    case which::INT16:
      return append_range(out, true, 16);
    case which::INT32:
      return append_range(out, true, 32);
    case which::INT64:
      return refer(out, "Int64");
    case which::UINT8:
      return append_range(out, false, 8);
    case which::UINT16:
      return append_range(out, false, 16);
    case which::UINT32:
      return append_range(out, false, 32);
    case which::UINT64:
      return refer(out, "UInt64");
    case which::FLOAT32:
    case which::FLOAT64:
      return refer(out, "Number");
    case which::TEXT:
      append_kind(out, "string", maybe);
      out += '}';
      return;
    case which::LIST:
      append_kind(out, "array", maybe);
      out += R"(,"items":)";
      append(out, type.asList().getElementType(), way, nullable::no);
      out += '}';
      return;
    case which::ENUM:
      return refer(out, type.asEnum(), way);
    case which::DATA:
    case which::STRUCT:
      if (maybe) out += R"({"anyOf":[)";
      type.isData() ? refer(out, "Bytes") : refer(out, type.asStruct(), way);
      if (maybe) out += R"(,{"type":"null"}]})";
      return;
    case which::VOID:
      out += R"({"type":"null"})";
      return;
    default:  // an untyped pointer: shown as null, refused as input
      out += R"({"type":"null","readOnly":true})";
  }
}

void type_schemas::append_object(std::string& out, capnp::StructSchema schema, direction way) {
  object_writer object(out);
  object.text("type", "object");
  {
    object_writer properties(object.member("properties"));
    for (const auto field : schema.getFields()) {
      auto& value = properties.member(field.getProto().getName().cStr());
      if (field.getProto().isGroup()) {
        append_object(value, field.getType().asStruct(), way);
      } else {
        append(value, field.getType(), way, nullable::yes);
      }
    }
  }
  if (way == direction::in) {
    object.flag("additionalProperties", false);
  } else {
    array_writer required(object.member("required"));
    for (const auto field : schema.getNonUnionFields())
      required.text(field.getProto().getName().cStr());
  }
  if (schema.getUnionFields().size() == 0) return;
  // Exactly one member of the union, or none.
  std::string any;
  for (const auto field : schema.getUnionFields()) {
    if (!any.empty()) any += ',';
    any += R"({"required":[)";
    append_quoted(any, field.getProto().getName().cStr());
    any += "]}";
  }
  object.member("oneOf")
      .append("[")
      .append(any)
      .append(R"(,{"not":{"anyOf":[)")
      .append(any)
      .append("]}}]");
}

void type_schemas::append_enum(std::string& out, capnp::EnumSchema schema) {
  object_writer object(out);
  object.text("type", "string");
  array_writer names(object.member("enum"));
  for (const auto one : schema.getEnumerants()) names.text(one.getProto().getName().cStr());
}

void type_schemas::define(object_writer& definitions) {
  for (std::size_t i = 0; i < named_.size(); ++i) {  // grows during the loop
    const auto schema = named_[i].schema;
    auto& out = definitions.member(named_[i].name);
    if (schema.getProto().isEnum()) {
      append_enum(out, schema.asEnum());
    } else {
      append_object(out, schema.asStruct(), named_[i].way);
    }
  }
  for (const auto& one : shared)
    if (std::find(used_.begin(), used_.end(), one.name) != used_.end())
      definitions.member(one.name) += one.json;
}

}  // namespace reprise::gateway
