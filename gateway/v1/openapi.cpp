#include <algorithm>
#include <cassert>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/json/json_writer.hpp"
#include "gateway/json/text.hpp"
#include "gateway/v1/contract_view.hpp"
#include "gateway/v1/document_parts.hpp"
#include "gateway/v1/shown_route.hpp"
#include "gateway/wire/problem_codes.hpp"

namespace reprise::gateway {

namespace {

constexpr std::string_view info =
    R"({"title":"Reprise","version":")" REPRISE_VERSION R"(",)"
    R"("description":"Durable actors and orchestrations: what is bound in this program, and the node )"
    R"(that runs it. An answer that says that something happened is sent when it is on the disk.",)"
    R"("contact":{"name":"Whoever serves this application"},)"
    R"("license":{"name":"Apache-2.0","url":"https://www.apache.org/licenses/LICENSE-2.0"}})";

struct tag {
  std::string_view name, text;
};
constexpr tag tags[] = {
    {"Actors", "Operations by the bound types, states, and who holds an actor"},
    {"Instances", "Instances of orchestrations: start, read, steer, watch, purge"},
    {"Dead letters", "What was set aside after it crashed the process"},
    {"Node", "What is bound, where it runs, what is limited, how it is"}};

std::string_view tag_of(topic about) {
  return std::find_if(std::begin(topics), std::end(topics),
                      [&](const topic_words& one) { return one.about == about; })
      ->tag;
}

// The description of a path segment in braces, or of a header field.
struct described {
  std::string_view name, schema, example, text;
};
constexpr described segments[] = {
    {"id", R"({"$ref":"#/components/schemas/Key"})", R"("order-1")", "Of the instance"},
    {"key", R"({"$ref":"#/components/schemas/Key"})", R"("tea")", "Of the actor"},
    {"letter", R"({"type":"string","pattern":"^[0-9a-f]+$"})", R"("0c")",
     "The id of a dead letter, as the list of them shows it"},
};
constexpr described fields[] = {
    {"Idempotency-Key",
     R"({"type":"string","minLength":1,"maxLength":255,"pattern":"^[ -~]*[!-~][ -~]*$"})",
     R"("order-1-paid")",
     "The same key again gets the same answer, for 24 hours, and nothing happens twice"},
    {"If-Match", R"({"type":"string"})", R"("*")",
     "ETags of states of the actor, or * for any: done only if its state is one of them, else 412"},
    {"If-None-Match", R"({"type":"string"})", R"("*")",
     "Of a GET the ETag of what is known: 304 when it is still so. Else *: done only if there is "
     "no "
     "such actor, else 412"},
    {"Last-Event-ID", R"({"type":"string"})", R"("1")",
     "The last event that came: what follows it is sent"},
    {"Prefer", R"({"type":"string"})", R"("wait=10")",
     "wait=N: answered when the instance has ended, within N s. respond-async, of an operation: "
     "its "
     "answer is not wanted"},
    {"ETag", R"({"type":"string"})", "", "Of the state as last committed"},
    {"Location", R"({"type":"string"})", "", "Where the instance is"},
    {"Retry-After", R"({"type":"string"})", "", "Seconds after which to ask again"},
    {"WWW-Authenticate", R"({"type":"string"})", "",
     "How to say who asks, or which scope is wanted"},
};

// Examples of query parameters, by name, for all routes.
struct query_example {
  std::string_view name, json;
};
constexpr query_example query_examples[] = {{"at", R"("2030-01-01T08:00:00Z")"},
                                            {"created_from", R"("2026-01-02T03:04:05Z")"},
                                            {"created_to", R"("2026-01-02T03:04:05Z")"},
                                            {"id", R"("order-1")"},
                                            {"input", "false"},
                                            {"limit", "10"},
                                            {"orchestration", R"("checkout")"},
                                            {"prefix", R"("order-")"},
                                            {"recursive", "true"},
                                            {"updated_before", R"("2026-01-02T03:04:05Z")"},
                                            {"values", "false"},
                                            {"version", "1"}};

std::string_view example_of(const query_parameter& one) {
  for (const auto& example : query_examples)
    if (example.name == one.name) return example.json;
  return {};
}

const described& find(std::span<const described> all, std::string_view name) {
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const described& one) { return one.name == name; });
  assert(found != all.end());
  return *found;
}

// The description of each status of a refusal, the same for all routes.
struct refusal_words {
  unsigned status;
  std::string_view name, text;
  std::vector<std::string_view> fields{};
};
const refusal_words refusals[] = {
    {400, "BadRequest", "What was sent does not fit; where it is a body, errors says the place"},
    {401, "Unauthorized", "No key, or none that is known here", {"WWW-Authenticate"}},
    {403, "Forbidden", "The key lacks the scope, or a page of another origin asks"},
    {404, "NotFound", "There is no such thing, or nothing is bound under this name"},
    {409, "Conflict", "Rejected, or it is in a state in which this cannot be done"},
    {410, "Gone", "The instance has ended, or has begun anew"},
    {412, "PreconditionFailed", "The condition does not hold: nothing was done", {"ETag"}},
    {413, "BodyTooLarge", "The body, or a value in it, is larger than is taken"},
    {415, "UnsupportedMediaType", "A body without Content-Type: application/json"},
    {422, "Unprocessable", "The idempotency key was used with another body, or a limit was passed"},
    {429,
     "TooManyRequests",
     "The key sends more than its share: nothing was done",
     {"Retry-After"}},
    {503, "Unavailable", "Nothing was done: overloaded, recovering or stopping", {"Retry-After"}},
    {507, "StorageFull", "Nothing was done: the disk is full; reads go on", {"Retry-After"}},
    {0, "Refused", "Refused for another reason, or broken"},
};

class document {
 public:
  explicit document(const bindings& bound) : routes_(shown_routes(bound, schemas_)) {}

  std::string text() {
    std::string out;
    {
      object_writer whole(out);
      whole.text("openapi", "3.1.0");
      whole.member("info") += info;
      // Relative to the document's own URL, because a proxy in front has another name.
      whole.member("servers") += R"([{"url":"/"}])";
      // A server may run with or without authentication.
      whole.member("security") += R"([{},{"key":[]}])";
      append_tags(whole.member("tags"));
      append_paths(whole.member("paths"));
      object_writer components(whole.member("components"));
      components.member("securitySchemes") +=
          R"({"key":{"type":"http","scheme":"bearer","description":"A key of the server's keys file, or a token"}})";
      parts_.define(components, "parameters");
      parts_.define(components, "responses");
      object_writer all(components.member("schemas"));
      parts_.define_schemas(all);
      append_words(all);
      schemas_.define(all);
    }
    return out;
  }

 private:
  static void append_tags(std::string& out) {
    array_writer all(out);
    for (const auto& one : tags) {
      object_writer object(all.element());
      object.text("name", one.name);
      object.text("description", one.text);
    }
  }

  static void append_words(object_writer& schemas) {
    const auto append = [&](std::string_view name, std::span<const std::string_view> words) {
      object_writer object(schemas.member(name));
      object.text("type", "string");
      object.text("description", "A stable word: docs/failures.md says what to do");
      array_writer all(object.member("enum"));
      for (const auto word : words) all.text(word);
    };
    append("Cause", cause_words());
    append("ProblemCode", problem_codes());
  }

  // Each path once, with all its methods.
  void append_paths(std::string& out) {
    object_writer paths(out);
    for (auto one = routes_.begin(); one != routes_.end(); ++one) {
      const auto same = [&](const shown_route& other) { return other.path == one->path; };
      if (std::any_of(routes_.begin(), one, same)) continue;
      object_writer methods(paths.member(one->path));
      for (auto of_path = one; of_path != routes_.end(); ++of_path)
        if (same(*of_path)) append_operation(methods.member(lower(of_path->row->method)), *of_path);
    }
  }

  void append_operation(std::string& out, const shown_route& shown) {
    const auto& route = *shown.row;
    object_writer object(out);
    object.text("operationId", shown.name);
    array_writer(object.member("tags")).text(tag_of(route.about));
    object.text("summary", shown.summary);
    object.text("description", route.text);
    if (route.access == route_access::open) object.member("security") += "[]";
    append_parameters(object.member("parameters"), shown);
    if (!route.body.empty()) {
      object_writer body(object.member("requestBody"));
      if (shown.needs_body) body.flag("required", true);
      append_content(body, "application/json", route.body, shown.body);
    }
    append_answers(object.member("responses"), shown);
  }

  void append_parameter(array_writer& all, std::string_view in, const described& what) {
    std::string json;
    {
      object_writer one(json);
      one.text("name", what.name);
      one.text("in", in);
      if (in == "path") one.flag("required", true);
      one.text("description", what.text);
      one.member("schema") += what.schema;
      if (!what.example.empty()) one.member("example") += what.example;
    }
    parts_.refer(all.element(), "parameters", std::string(what.name), json);
  }

  void append_parameters(std::string& out, const shown_route& shown) {
    array_writer all(out);
    std::string_view rest = shown.path;
    for (auto open = rest.find('{'); open != std::string_view::npos; open = rest.find('{')) {
      rest.remove_prefix(open + 1);
      append_parameter(all, "path", find(segments, rest.substr(0, rest.find('}'))));
    }
    for (const auto& one : shown.row->query)
      append_parameter(all, "query", {one.name, one.schema, example_of(one), one.text});
    for (const auto name : shown.row->fields) append_parameter(all, "header", find(fields, name));
  }

  void append_content(object_writer& to, std::string_view media, std::string_view component,
                      const shown_value& shown) {
    object_writer content(to.member("content"));
    object_writer one(content.member(media));
    if (shown.schema.empty()) {
      parts_.refer_schema(one.member("schema"), component);
    } else {
      one.member("schema") += shown.schema;
      parts_.look_into(shown.schema);
    }
    if (!shown.example.empty()) one.member("example") += shown.example;
  }

  void append_answer(std::string& out, const route_answer& answer, const shown_value& shown) {
    object_writer object(out);
    object.text("description", answer.text);
    if (!answer.fields.empty()) {
      object_writer headers(object.member("headers"));
      for (const auto name : answer.fields) {
        const auto& field = find(fields, name);
        object_writer one(headers.member(name));
        one.text("description", field.text);
        one.member("schema") += field.schema;
      }
    }
    if (!answer.schema.empty()) append_content(object, answer.media, answer.schema, shown);
  }

  void append_answers(std::string& out, const shown_route& shown) {
    object_writer all(out);
    for (const auto& answer : shown.row->answers)
      append_answer(all.member(std::to_string(answer.status)), answer,
                    answer.status == 200 ? shown.answer : shown_value{});
    for (const auto& one : refusals)
      if (is_possible(*shown.row, one.status)) append_refusal(all, one);
  }

  // The refusals of the router are possible on every route; some only with a body or on writes.
  static bool is_possible(const route& row, unsigned status) {
    const auto& own = row.refusals;
    if (std::find(own.begin(), own.end(), status) != own.end()) return true;
    if (status == 0 || status == 400) return true;
    if (row.access == route_access::open) return false;
    if (status == 413) return !row.body.empty();
    if (status == 507) return row.method != "GET";
    return status == 401 || status == 403 || status == 429 || status == 503;
  }

  void append_refusal(object_writer& answers, const refusal_words& one) {
    std::string json;
    append_answer(json, {one.status, "Problem", one.text, "application/problem+json", one.fields},
                  {});
    parts_.refer(answers.member(one.status == 0 ? "default" : std::to_string(one.status)),
                 "responses", std::string(one.name), json);
  }

  type_schemas schemas_{"#/components/schemas/"};
  document_parts parts_;
  const std::vector<shown_route> routes_;
};

}  // namespace

std::string openapi_text(const bindings& bound) { return document(bound).text(); }

void show_openapi(const shared_request& e) {
  e->answer({200, "application/json", openapi_text(e->on.bound()), {}});
}

}  // namespace reprise::gateway
