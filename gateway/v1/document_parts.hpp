// Collects the components of an OpenAPI document: a part that occurs in several places is defined once
// and referenced. Parts are written in the order of their first reference.

#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/json/json_writer.hpp"

namespace reprise::gateway {

class document_parts {
 public:
  // Appends a reference to a schema of openapi_components.hpp, and includes the schemas it refers to.
  void refer_schema(std::string& out, std::string_view name);

  // Appends a reference to a parameter or response (`kind`: "parameters", "responses"). If the name is
  // already used for a different part, appends the JSON inline instead.
  void refer(std::string& out, std::string_view kind, const std::string& name,
             const std::string& json);

  // Includes the fixed schemas that `text`, a JSON Schema, refers to.
  void look_into(std::string_view text);

  void define_schemas(object_writer& schemas) const;
  void define(object_writer& components, std::string_view kind) const;

 private:
  struct part {
    std::string name, json;
  };

  std::vector<std::string_view> schemas_;                        // names of the fixed schemas used
  std::map<std::string, std::vector<part>, std::less<>> parts_;  // by kind
};

}  // namespace reprise::gateway
