// One route of /v1: what serves it, and what the OpenAPI document says of it. One table for both, so
// that neither knows a route which the other does not.

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
  std::string_view schema;  // of the body: a component of the document; "" when there is none
  std::string_view text;
  std::string_view media = "application/json";
  std::vector<std::string_view> fields{};  // of the answer's head that matter here
};

struct native_route {
  std::string_view method;
  std::string_view path;  // a segment in braces stands for any; {id} and {key} for keys only
  std::string_view name;  // the document's operationId
  std::string_view text;  // one sentence
  void (*serve)(const shared_request&);  // null: routes.cpp answers it itself
  std::vector<query_parameter> query{};
  std::vector<std::string_view> fields{};  // of the request's head that matter here
  std::string_view body{};                 // a component of the document; "" when none is taken
  std::vector<route_answer> answers{};
  std::vector<unsigned> refusals{};  // problem documents; others are possible on every route
};

std::span<const native_route> native_routes();

}  // namespace reprise::gateway
