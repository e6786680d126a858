#include "gateway/json/struct_shape.hpp"

#include <bit>
#include <memory>
#include <string>
#include <unordered_map>

namespace reprise::gateway {

namespace {

std::string_view view(capnp::Text::Reader text) noexcept { return {text.begin(), text.size()}; }

struct_shape shape(capnp::StructSchema schema) {
  struct_shape made;
  made.name = view(schema.getShortDisplayName());
  const auto size = schema.getProto().getStruct();
  made.data_words = size.getDataWordCount();
  made.pointers = size.getPointerCount();
  for (const auto field : schema.getFields()) {
    const auto proto = field.getProto();
    const auto name = view(proto.getName());
    const bool in_union = proto.getDiscriminantValue() != capnp::schema::Field::NO_DISCRIMINANT;
    made.has_union = made.has_union || in_union;
    made.fields.push_back(
        {field, field.getType(), name, '"' + std::string(name) + "\":", proto.isGroup(), in_union});
  }
  for (const auto field : schema.getNonUnionFields()) made.plain.push_back(field.getIndex());
  return made;
}

}  // namespace

const struct_shape::field* struct_shape::find(std::string_view field_name) const noexcept {
  for (const auto& one : fields)
    if (one.name == field_name) return &one;
  return nullptr;
}

// The key is the schema's internal pointer, which equal schemas share.
const struct_shape& shape_of(capnp::StructSchema schema) {
  thread_local std::unordered_map<const void*, std::unique_ptr<const struct_shape>> shapes;
  auto& known = shapes[std::bit_cast<const void*>(schema)];
  if (known == nullptr) known = std::make_unique<const struct_shape>(shape(schema));
  return *known;
}

}  // namespace reprise::gateway
