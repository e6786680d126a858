// A route: everything that is known of it. The router, authorization, metrics, logs, the OpenAPI document
// and the tables of docs/http-api.md read the same rows, so that none has a route which another lacks.
//
// A path is made of literals and captures. The name of a capture says what it is:
//
//   {type}       an actor type                                 route_kind::type
//   {key}        an actor's key; must be a key                 route_kind::id
//   {operation}  of an actor                                   route_kind::operation
//   {id}         of an instance; must be a key                 route_kind::id, is_instance
//   {new_id}     of an instance to start; the handler checks   route_kind::id
//   {name}       of an orchestration, perhaps with its version route_kind::type, without it
//   @{entity}    @NAME@KEY: Durable Functions names an actor   route_kind::type
//                like this among instances
//   {event}, {letter}: the handler's business
//
// Rows are tried in their order: the first with the path and the method serves the request.

#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "gateway/api/query_parameters.hpp"
#include "gateway/api/request_context.hpp"
#include "gateway/wire/route_kind.hpp"
#include "gateway/wire/scope.hpp"

namespace reprise::gateway {

// The method of a row that serves every one.
inline constexpr std::string_view any_method = "*";

enum class route_access : std::uint8_t {
  scoped,      // who asks must have the scope
  never_shed,  // the same, and it is served also when too many requests are in flight
  open         // no credential is asked for; neither counted nor logged
};

enum class body_reading : std::uint8_t {
  by_media,
  as_json
};  // as_json: whatever Content-Type says

// A group of routes: one table of docs/http-api.md, and a tag of the OpenAPI document.
enum class topic : std::uint8_t {
  health,
  durable_starts,
  durable_instances,
  durable_entities,
  bound,
  actors,
  starts,
  instances,
  steering,
  dead_letters,
  node
};
struct topic_words {
  topic about;
  std::string_view mark;  // of its table: <!-- routes: MARK -->
  std::string_view tag;   // "": not in the document
};
inline constexpr topic_words topics[] = {{topic::health, "health", "Node"},
                                         {topic::durable_starts, "durable starts", ""},
                                         {topic::durable_instances, "durable instances", ""},
                                         {topic::durable_entities, "durable entities", ""},
                                         {topic::bound, "bound", "Node"},
                                         {topic::actors, "actors", "Actors"},
                                         {topic::starts, "starts", "Instances"},
                                         {topic::instances, "instances", "Instances"},
                                         {topic::steering, "steering", "Instances"},
                                         {topic::dead_letters, "dead letters", "Dead letters"},
                                         {topic::node, "node", "Node"}};

struct route_answer {
  unsigned status;
  std::string_view schema;  // of the body: a component of the document; "": no body
  std::string_view text;
  std::string_view media = "application/json";
  std::vector<std::string_view> fields{};  // header fields of the response to document
};

struct route {
  std::string_view method;
  std::string_view path;  // below the root of its API
  scope needs;
  std::string_view metric;  // its name in /metrics, logs and traces; part of the interface
  std::string_view name{};  // the operationId in the document; "": not in the document
  std::string_view text{};  // one sentence
  void (*serve)(const shared_request&);
  std::vector<query_parameter> query{};
  std::vector<std::string_view> fields{};  // header fields of the request that the route reads
  std::string_view body{};                 // a component of the document; "": no body
  std::vector<route_answer> answers{};
  std::vector<unsigned> refusals{};  // statuses of problems, besides those possible on every route
  route_access access = route_access::scoped;
  body_reading reads = body_reading::by_media;
  // Changes what the path says of a request by its query; null: nothing.
  void (*refine)(const target&, route_kind&) = nullptr;
  topic about;
  std::string_view doc;  // Markdown: the end of its line in docs/http-api.md
};

}  // namespace reprise::gateway
