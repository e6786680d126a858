// What an OpenAPI document says in many places: it stands once among the components, and a reference in
// each place. Parts are written in the order in which they were first referred to.

#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/json/json_writer.hpp"

namespace reprise::gateway {

class document_parts {
 public:
  // A reference to a schema of fixed_schemas.hpp; what that refers to comes along.
  void refer_schema(std::string& out, std::string_view name);

  // A parameter or an answer (`kind`: "parameters", "responses") by its name; in place where there is
  // another of this name already.
  void refer(std::string& out, std::string_view kind, const std::string& name,
             const std::string& json);

  // The schemas that `text`, a JSON Schema, refers to are fixed ones in part: they come along too.
  void look_into(std::string_view text);

  void define_schemas(object_writer& schemas) const;
  void define(object_writer& components, std::string_view kind) const;

 private:
  struct part {
    std::string name, json;
  };

  std::vector<std::string_view> schemas_;                        // names of fixed ones
  std::map<std::string, std::vector<part>, std::less<>> parts_;  // by kind
};

}  // namespace reprise::gateway
