#include "gateway/v1/shown_route.hpp"

#include <utility>

#include "gateway/json/type_example.hpp"
#include "gateway/v1/native_routes.hpp"

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
    for (const auto& row : native_rows()) {
      const auto has = [&](std::string_view capture) {
        return row.path.find(capture) != std::string_view::npos;
      };
      if (has("{operation}")) {
        operations(row);
      } else if (has("{type}")) {
        of_actors(row);
      } else if (has("{name}")) {
        starts(row);
      } else if (has("{event}")) {
        events(row);
      } else {
        found_.push_back({&row, std::string(row.path), std::string(row.name), words_of(row.name)});
      }
    }
    return std::move(found_);
  }

 private:
  void operations(const route& row) {
    for (const auto& [type, actor] : app_.actors())
      for (const auto& one : actor.operations) {
        shown_route shown{&row, "/v1/actors/" + type + "/{key}/" + one.name,
                          "call/" + type + '/' + one.name, "Call " + one.name + " of " + type};
        take_body(shown, *one.in);
        shown.answer = {schema(*one.out, direction::out), example_of(*one.out)};
        found_.push_back(std::move(shown));
      }
  }

  // Example: read_actor for type stock gives read/stock, "Read stock".
  void of_actors(const route& row) {
    for (const auto& [type, actor] : app_.actors()) {
      const auto verb = std::string(row.name.substr(0, row.name.find('_')));
      shown_route shown{&row, replaced(std::string(row.path), "{type}", type), verb + '/' + type,
                        words_of(verb) + ' ' + type};
      if (row.name.ends_with("_lock") || row.name == "unlock_actor") {
        shown.name = verb + "/lock/" + type;
        shown.summary = words_of(verb) + " the lock of " + type;
      }
      if (row.name == "read_actor") shown.answer = {state(actor), example_of(*actor.state)};
      if (row.name == "list_actors") shown.answer = {page(state(actor)), {}};
      found_.push_back(std::move(shown));
    }
  }

  static std::string page(const std::string& state) {
    return R"({"type":"object","required":["actors","next"],"properties":{"actors":{"type":"array",)"
           R"("items":{"allOf":[{"$ref":"#/components/schemas/Actor"},{"type":"object","properties":)"
           R"({"state":)" +
           state + R"(}}]}},"next":{"$ref":"#/components/schemas/Next"}}})";
  }

  void starts(const route& row) {
    for (const auto& [name, bound] : app_.orchestrations()) {
      shown_route shown{&row, "/v1/orchestrations/" + name, "start/" + name, "Start " + name};
      take_body(shown, *bound.in);
      shown.answer = {R"({"allOf":[{"$ref":"#/components/schemas/Instance"},{"type":"object",)"
                      R"("properties":{"input":)" +
                          schema(*bound.in, direction::out) + R"(,"output":)" +
                          schema(*bound.out, direction::out) + "}}]}",
                      {}};
      found_.push_back(std::move(shown));
    }
  }

  void events(const route& row) {
    for (const auto& [name, bound] : app_.events()) {
      shown_route shown{&row, "/v1/instances/{id}/events/" + name, "raise/" + name,
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
