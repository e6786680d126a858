// A route of /v1: its handler, and its description in the OpenAPI document. One table holds both, so
// that neither has a route which the other lacks.

#pragma once

#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "gateway/api/query_parameters.hpp"
#include "gateway/api/request_context.hpp"

namespace reprise::gateway {

struct route_answer {
  unsigned status;
  std::string_view schema;  // of the body: a component of the document; "": no body
  std::string_view text;
  std::string_view media = "application/json";
  std::vector<std::string_view> fields{};  // header fields of the response to document
};

struct native_route {
  std::string_view method;
  std::string_view path;  // a segment in braces matches any; {id} and {key} match valid keys only
  std::string_view name;  // the operationId in the document
  std::string_view text;  // one sentence
  void (*serve)(const shared_request&);  // null: routes.cpp answers it itself
  std::vector<query_parameter> query{};
  std::vector<std::string_view> fields{};  // header fields of the request that the route reads
  std::string_view body{};                 // a component of the document; "": no body
  std::vector<route_answer> answers{};
  std::vector<unsigned> refusals{};  // statuses of problems, besides those possible on every route
};

std::span<const native_route> native_routes();

}  // namespace reprise::gateway
