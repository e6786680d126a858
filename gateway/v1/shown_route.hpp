// A path of the OpenAPI document: a route of the table, or one of its instantiations with the names and
// types of the application. A route whose path contains a bound name ({type}, {operation}, {name},
// {event}) appears only as its instantiations: the generic form would double the document.

#pragma once

#include <string>
#include <vector>

#include "actors/application.hpp"
#include "gateway/api/route.hpp"
#include "gateway/json/type_schema.hpp"

namespace reprise::gateway {

// The schema and an example, as JSON, of a type of the application.
struct shown_value {
  std::string schema{};  // "": use the schema of the route
  std::string example{};
};

struct shown_route {
  const route* row;
  std::string path;
  std::string name;     // the operationId in the document
  std::string summary;  // a few words
  shown_value body{};
  shown_value answer{};     // of status 200
  bool needs_body = false;  // an absent body is refused
};

std::vector<shown_route> shown_routes(const bindings&, type_schemas&);

}  // namespace reprise::gateway
