// The JSON Schemas of what /v1 takes and answers whatever is bound: components of the OpenAPI document.
// Answers may get further members within v1; what is taken may not have others.

#pragma once

#include <span>
#include <string_view>

namespace reprise::gateway {

struct fixed_schema {
  std::string_view name, json;
};

std::span<const fixed_schema> fixed_schemas();

}  // namespace reprise::gateway
