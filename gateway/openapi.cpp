#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/internal/contract_view.hpp"
#include "gateway/internal/fixed_schemas.hpp"
#include "gateway/internal/json_writer.hpp"
#include "gateway/internal/problem.hpp"
#include "gateway/internal/text.hpp"
#include "gateway/internal/type_schema.hpp"

namespace reprise::gateway {

namespace {

constexpr std::string_view place = "#/components/schemas/";

struct field_text {
  std::string_view name, schema, text;
};
constexpr field_text fields[] = {
    {"Idempotency-Key", R"({"type":"string","minLength":1,"maxLength":255})",
     "The same key again gets the same answer, for 24 hours, and nothing happens twice"},
    {"If-Match", R"({"type":"string"})",
     "ETags of states of the actor, or * for any: done only if its state is one of them, else 412"},
    {"If-None-Match", R"({"type":"string"})",
     "Of a GET the ETag of what is known: 304 when it is still so. Else *: done only if there is "
     "no "
     "such actor, else 412"},
    {"Last-Event-ID", R"({"type":"string"})", "The last event that came: what follows it is sent"},
    {"Prefer", R"({"type":"string"})",
     "wait=N: answered when the instance has ended, within N s. respond-async, of an operation: "
     "its "
     "answer is not wanted"},
    {"ETag", R"({"type":"string"})", "Of the state as last committed"},
    {"Location", R"({"type":"string"})", "Where the instance is"},
};

void append_reference(std::string& out, std::string_view component) {
  out += R"({"$ref":")";
  out.append(place).append(component).append("\"}");
}

// A route of the table as it is, or one of its uses with the names and types of the application.
struct shown_route {
  const native_route* route;
  std::string path, name;
  std::string body{}, answer{};  // JSON Schemas in place of the route's own; answer: of the first
};

void append_field(object_writer& to, std::string_view name) {
  for (const auto& one : fields) {
    if (one.name != name) continue;
    to.text("description", one.text);
    to.member("schema") += one.schema;
  }
}

void append_parameters(std::string& out, const shown_route& shown) {
  array_writer all(out);
  std::string_view rest = shown.path;
  for (auto open = rest.find('{'); open != std::string_view::npos; open = rest.find('{')) {
    rest.remove_prefix(open + 1);
    object_writer one(all.element());
    one.text("name", rest.substr(0, rest.find('}')));
    one.text("in", "path");
    one.flag("required", true);
    one.member("schema") += R"({"type":"string"})";
  }
  for (const auto& parameter : shown.route->query) {
    object_writer one(all.element());
    one.text("name", parameter.name);
    one.text("in", "query");
    one.text("description", parameter.text);
    one.member("schema") += parameter.schema;
  }
  for (const auto name : shown.route->fields) {
    object_writer one(all.element());
    one.text("name", name);
    one.text("in", "header");
    append_field(one, name);
  }
}

void append_content(object_writer& to, std::string_view media, std::string_view component,
                    const std::string& schema) {
  object_writer content(to.member("content"));
  object_writer one(content.member(media));
  auto& out = one.member("schema");
  if (schema.empty()) {
    append_reference(out, component);
  } else {
    out += schema;
  }
}

void append_answer(std::string& out, const route_answer& answer, const std::string& schema) {
  object_writer object(out);
  object.text("description", answer.text);
  if (!answer.fields.empty()) {
    object_writer headers(object.member("headers"));
    for (const auto name : answer.fields) {
      object_writer one(headers.member(name));
      append_field(one, name);
    }
  }
  if (!answer.schema.empty()) append_content(object, answer.media, answer.schema, schema);
}

void append_answers(std::string& out, const shown_route& shown) {
  object_writer all(out);
  const auto& answers = shown.route->answers;
  for (const auto& answer : answers) {
    const bool typed = answer.status == 200;
    append_answer(all.member(std::to_string(answer.status)), answer, typed ? shown.answer : "");
  }
  const auto refuse = [&](const std::string& status, std::string_view text) {
    route_answer problem{0, "Problem", text, "application/problem+json"};
    if (status == "412") problem.fields = {"ETag"};  // where there is something that has one
    append_answer(all.member(status), problem, "");
  };
  for (const auto status : shown.route->refusals) refuse(std::to_string(status), title_of(status));
  refuse("default", "Refused, overloaded or broken");
}

void append_operation(std::string& out, const shown_route& shown) {
  const auto& route = *shown.route;
  object_writer object(out);
  object.text("operationId", shown.name);
  object.text("summary", route.text);
  append_parameters(object.member("parameters"), shown);
  if (!route.body.empty()) {
    object_writer body(object.member("requestBody"));
    append_content(body, "application/json", route.body, shown.body);
  }
  append_answers(object.member("responses"), shown);
}

// The routes of the table with the names and types of what is bound.
class bound_routes {
 public:
  bound_routes(const application& app, type_schemas& schemas) : app_(app), schemas_(schemas) {}

  std::vector<shown_route> all() {
    for (const auto& route : native_routes()) {
      const std::string path(route.path);
      found_.push_back({&route, path, std::string(route.name)});
      if (route.name == "call_operation") operations(route);
      if (route.name == "read_actor") states(route);
      if (route.name == "list_actors") lists(route);
      if (route.name == "start_orchestration") starts(route);
      if (route.name == "raise_event") events(route);
    }
    return std::move(found_);
  }

 private:
  void operations(const native_route& route) {
    for (const auto& [type, actor] : app_.actors())
      for (const auto& one : actor.operations)
        found_.push_back({&route, "/v1/actors/" + type + "/{key}/" + one.name,
                          "call/" + type + '/' + one.name, schema(*one.in), schema(*one.out)});
  }

  void states(const native_route& route) {
    for (const auto& [type, actor] : app_.actors())
      found_.push_back({&route, "/v1/actors/" + type + "/{key}", "read/" + type, "", state(actor)});
  }

  void lists(const native_route& route) {
    for (const auto& [type, actor] : app_.actors())
      found_.push_back(
          {&route, "/v1/actors/" + type, "list/" + type, "",
           R"({"allOf":[{"$ref":"#/components/schemas/ActorPage"},{"additionalProperties":true,)"
           R"("properties":{"actors":{"items":{"additionalProperties":true,"properties":{"state":)" +
               state(actor) + "}}}}}]}"});
  }

  void starts(const native_route& route) {
    for (const auto& [name, bound] : app_.orchestrations())
      found_.push_back(
          {&route, "/v1/orchestrations/" + name, "start/" + name, schema(*bound.in),
           R"({"allOf":[{"$ref":"#/components/schemas/Instance"},{"additionalProperties":true,)"
           R"("properties":{"input":)" +
               schema(*bound.in) + R"(,"output":)" + schema(*bound.out) + "}}]}"});
  }

  void events(const native_route& route) {
    for (const auto& [name, bound] : app_.events())
      found_.push_back(
          {&route, "/v1/instances/{id}/events/" + name, "raise/" + name, schema(*bound.type)});
  }

  std::string schema(const payload_type& type) {
    std::string out;
    schemas_.append(out, type);
    return out;
  }
  std::string state(const internal::actor_binding& actor) {
    std::string out;
    schemas_.append_nullable(out, *actor.state);
    return out;
  }

  const application& app_;
  type_schemas& schemas_;
  std::vector<shown_route> found_;
};

// Each path once, with all its methods.
void append_paths(std::string& out, const std::vector<shown_route>& routes) {
  object_writer paths(out);
  for (auto one = routes.begin(); one != routes.end(); ++one) {
    const auto same = [&](const shown_route& other) { return other.path == one->path; };
    if (std::any_of(routes.begin(), one, same)) continue;
    object_writer methods(paths.member(one->path));
    for (auto of_path = one; of_path != routes.end(); ++of_path)
      if (same(*of_path)) append_operation(methods.member(lower(of_path->route->method)), *of_path);
  }
}

}  // namespace

std::string openapi_text(const application& bound, std::string_view base) {
  std::string out;
  type_schemas schemas{place};
  const auto routes = bound_routes(bound, schemas).all();
  {
    object_writer document(out);
    document.text("openapi", "3.1.0");
    document.member("info") += R"({"title":"Reprise","version":")" REPRISE_VERSION R"("})";
    {
      array_writer servers(document.member("servers"));
      object_writer(servers.element()).text("url", base);
    }
    // Whether anybody asks for a key is the server's own affair: none, or one.
    document.member("security") += R"([{},{"key":[]}])";
    append_paths(document.member("paths"), routes);
    object_writer components(document.member("components"));
    components.member("securitySchemes") += R"({"key":{"type":"http","scheme":"bearer"}})";
    object_writer all(components.member("schemas"));
    for (const auto& one : fixed_schemas()) all.member(one.name) += one.json;
    schemas.define(all);
  }
  return out;
}

void show_openapi(const shared_exchange& e) {
  e->answer({200, "application/json", openapi_text(e->on.bound(), e->base()), {}});
}

}  // namespace reprise::gateway
