// GET /v1/types: everything that is bound, with the JSON Schema of what goes in and comes out.
// GET /openapi.json: the same as paths, with the fixed routes, as an OpenAPI 3.1 document.

#pragma once

#include <string>

#include "actors/application.hpp"
#include "gateway/v1/native_route.hpp"

namespace reprise::gateway {

void show_types(const shared_request&);
void show_openapi(const shared_request&);
std::string openapi_text(const application&);

}  // namespace reprise::gateway
