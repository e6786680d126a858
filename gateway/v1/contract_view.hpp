// GET /v1/types: everything bound in the application, with JSON Schemas of inputs and outputs.
// GET /openapi.json: the same as an OpenAPI 3.1 document, with the fixed routes.

#pragma once

#include <string>

#include "actors/application.hpp"
#include "gateway/api/request_context.hpp"

namespace reprise::gateway {

void show_types(const shared_request&);
void show_openapi(const shared_request&);
std::string openapi_text(const bindings&);

}  // namespace reprise::gateway
