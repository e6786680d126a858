#include "gateway/v1/document_parts.hpp"

#include <algorithm>

#include "gateway/v1/openapi_components.hpp"

namespace reprise::gateway {

namespace {

constexpr std::string_view place = "#/components/schemas/";

void append_reference(std::string& out, std::string_view kind, std::string_view name) {
  out += R"({"$ref":"#/components/)";
  out.append(kind).append("/").append(name).append("\"}");
}

}  // namespace

void document_parts::look_into(std::string_view text) {
  for (auto at = text.find(place); at != std::string_view::npos; at = text.find(place)) {
    text.remove_prefix(at + place.size());
    const auto name = text.substr(0, text.find('"'));
    if (std::find(schemas_.begin(), schemas_.end(), name) != schemas_.end()) continue;
    for (const auto& one : fixed_schemas()) {
      if (one.name != name) continue;
      schemas_.push_back(one.name);
      look_into(one.json);
    }
  }
}

void document_parts::refer_schema(std::string& out, std::string_view name) {
  std::string reference;
  append_reference(reference, "schemas", name);
  look_into(reference);
  out += reference;
}

void document_parts::refer(std::string& out, std::string_view kind, const std::string& name,
                           const std::string& json) {
  auto& known = parts_[std::string(kind)];
  const auto found =
      std::find_if(known.begin(), known.end(), [&](const part& one) { return one.name == name; });
  if (found == known.end()) {
    known.push_back({name, json});
    look_into(json);
  } else if (found->json != json) {
    look_into(json);
    out += json;
    return;
  }
  append_reference(out, kind, name);
}

void document_parts::define_schemas(object_writer& schemas) const {
  for (const auto& one : fixed_schemas())
    if (std::find(schemas_.begin(), schemas_.end(), one.name) != schemas_.end())
      schemas.member(one.name) += one.json;
}

void document_parts::define(object_writer& components, std::string_view kind) const {
  const auto found = parts_.find(kind);
  if (found == parts_.end()) return;
  object_writer all(components.member(kind));
  for (const auto& one : found->second) all.member(one.name) += one.json;
}

}  // namespace reprise::gateway
