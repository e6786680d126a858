// The JSON Schemas of /v1 that do not depend on the application: components of the OpenAPI document.
// Responses may get further members within v1; requests with unknown members are refused.

#pragma once

#include <span>
#include <string_view>

namespace reprise::gateway {

struct fixed_schema {
  std::string_view name, json;
};

std::span<const fixed_schema> fixed_schemas();

}  // namespace reprise::gateway
