// A path of the OpenAPI document: a route of the table as it is, or one of its uses with the names and
// types of what is bound. A route whose path names something bound ({type}, {operation}, {name},
// {event}) is shown by its uses alone: once more in general it would double the document.

#pragma once

#include <string>
#include <vector>

#include "actors/application.hpp"
#include "gateway/json/type_schema.hpp"
#include "gateway/v1/native_route.hpp"

namespace reprise::gateway {

// A value that the types of the application give: JSON.
struct shown_value {
  std::string schema{};  // "" where the route's own stands
  std::string example{};
};

struct shown_route {
  const native_route* route;
  std::string path;
  std::string name;     // the document's operationId
  std::string summary;  // a few words
  shown_value body{};
  shown_value answer{};     // of the first status
  bool needs_body = false;  // no body at all is refused
};

std::vector<shown_route> shown_routes(const application&, type_schemas&);

}  // namespace reprise::gateway
