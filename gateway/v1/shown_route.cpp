#include "gateway/v1/shown_route.hpp"

#include <utility>

#include "gateway/json/type_example.hpp"

namespace reprise::gateway {

namespace {

// Turns list_instances into "List instances".
std::string words_of(std::string_view name) {
  std::string words(name);
  for (auto& c : words)
    if (c == '_') c = ' ';
  words.front() = static_cast<char>(words.front() - 'a' + 'A');
  return words;
}

std::string replaced(std::string path, std::string_view part, std::string_view with) {
  return path.replace(path.find(part), part.size(), with);
}

bool needs_text(const payload_type& type) {
  return type.kind != payload_kind::none && type.kind != payload_kind::json &&
         type.kind != payload_kind::structure;
}

class collection {
 public:
  collection(const bindings& app, type_schemas& schemas) : app_(app), schemas_(schemas) {}

  std::vector<shown_route> all() {
    for (const auto& route : native_routes()) {
      if (route.name == "call_operation") {
        operations(route);
      } else if (route.path.find("{type}") != std::string_view::npos) {
        of_actors(route);
      } else if (route.name == "start_orchestration") {
        starts(route);
      } else if (route.name == "raise_event") {
        events(route);
      } else {
        found_.push_back(
            {&route, std::string(route.path), std::string(route.name), words_of(route.name)});
      }
    }
    return std::move(found_);
  }

 private:
  void operations(const native_route& route) {
    for (const auto& [type, actor] : app_.actors())
      for (const auto& one : actor.operations) {
        shown_route shown{&route, "/v1/actors/" + type + "/{key}/" + one.name,
                          "call/" + type + '/' + one.name, "Call " + one.name + " of " + type};
        take_body(shown, *one.in);
        shown.answer = {schema(*one.out, direction::out), example_of(*one.out)};
        found_.push_back(std::move(shown));
      }
  }

  // Example: read_actor for type stock gives read/stock, "Read stock".
  void of_actors(const native_route& route) {
    for (const auto& [type, actor] : app_.actors()) {
      const auto verb = std::string(route.name.substr(0, route.name.find('_')));
      shown_route shown{&route, replaced(std::string(route.path), "{type}", type),
                        verb + '/' + type, words_of(verb) + ' ' + type};
      if (route.name.ends_with("_lock") || route.name == "unlock_actor") {
        shown.name = verb + "/lock/" + type;
        shown.summary = words_of(verb) + " the lock of " + type;
      }
      if (route.name == "read_actor") shown.answer = {state(actor), example_of(*actor.state)};
      if (route.name == "list_actors") shown.answer = {page(state(actor)), {}};
      found_.push_back(std::move(shown));
    }
  }

  static std::string page(const std::string& state) {
    return R"({"type":"object","required":["actors","next"],"properties":{"actors":{"type":"array",)"
           R"("items":{"allOf":[{"$ref":"#/components/schemas/Actor"},{"type":"object","properties":)"
           R"({"state":)" +
           state + R"(}}]}},"next":{"$ref":"#/components/schemas/Next"}}})";
  }

  void starts(const native_route& route) {
    for (const auto& [name, bound] : app_.orchestrations()) {
      shown_route shown{&route, "/v1/orchestrations/" + name, "start/" + name, "Start " + name};
      take_body(shown, *bound.in);
      shown.answer = {R"({"allOf":[{"$ref":"#/components/schemas/Instance"},{"type":"object",)"
                      R"("properties":{"input":)" +
                          schema(*bound.in, direction::out) + R"(,"output":)" +
                          schema(*bound.out, direction::out) + "}}]}",
                      {}};
      found_.push_back(std::move(shown));
    }
  }

  void events(const native_route& route) {
    for (const auto& [name, bound] : app_.events()) {
      shown_route shown{&route, "/v1/instances/{id}/events/" + name, "raise/" + name,
                        "Raise " + name};
      take_body(shown, *bound.type);
      found_.push_back(std::move(shown));
    }
  }

  void take_body(shown_route& to, const payload_type& type) {
    to.body = {schema(type, direction::in), example_of(type)};
    to.needs_body = needs_text(type);
  }

  std::string schema(const payload_type& type, direction way) {
    std::string out;
    schemas_.append(out, type, way);
    return out;
  }
  std::string state(const bound_actor& actor) {
    std::string out;
    schemas_.append_nullable(out, *actor.state);
    return out;
  }

  const bindings& app_;
  type_schemas& schemas_;
  std::vector<shown_route> found_;
};

}  // namespace

std::vector<shown_route> shown_routes(const bindings& app, type_schemas& schemas) {
  return collection(app, schemas).all();
}

}  // namespace reprise::gateway
