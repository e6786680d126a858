#include "gateway/wire/route_kind.hpp"

#include <array>
#include <utility>

#include "actors/limits.hpp"
#include "gateway/json/text.hpp"

namespace reprise::gateway {

namespace {

using path = std::vector<std::string>;

struct steering {
  std::string_view verb, name;
};
constexpr std::array<steering, 5> steerings{{{"terminate", "instance.terminate"},
                                             {"suspend", "instance.suspend"},
                                             {"resume", "instance.resume"},
                                             {"rewind", "instance.rewind"},
                                             {"restart", "instance.restart"}}};

std::string_view steering_of(std::string_view verb) noexcept {
  for (const auto& one : steerings)
    if (same_ignoring_case(one.verb, verb)) return one.name;
  return "instance.other";
}

route_kind named(std::string_view name, scope needs) {
  route_kind kind(native_surface);
  kind.name = name;
  kind.needs = needs;
  return kind;
}

route_kind on_actor(std::string_view name, scope needs, const std::string& type) {
  auto kind = named(name, needs);
  kind.type = type;
  return kind;
}

route_kind on_instance(std::string_view name, scope needs, const std::string& id) {
  auto kind = named(name, needs);
  kind.id = id;
  kind.is_instance = true;
  return kind;
}

route_kind start_of(const std::string& orchestration, const std::string* id) {
  auto kind = named("instance.start", scope::start);
  kind.type = orchestration_name(orchestration).base;
  if (id != nullptr) kind.id = *id;
  return kind;
}

route_kind native_actor(const std::string& method, const path& p) {  // v1, actors, type, key, op
  const bool reads = method == "GET";
  if (p.size() == 3) return on_actor("actor.list", scope::read, p[2]);
  auto kind = reads ? on_actor("actor.get", scope::read, p[2])
                    : on_actor("actor.delete", scope::manage, p[2]);
  kind.id = p[3];
  if (p.size() < 5 || reads) return kind;
  if (method == "DELETE") {
    kind.name = "actor.unlock";
    return kind;
  }
  kind.name = "actor.call";
  kind.needs = scope::signal;
  kind.operation = p[4];
  return kind;
}

route_kind native_instance(const std::string& method, const path& p) {  // v1, instances, id, verb
  const bool reads = method == "GET";
  // The body names the orchestration, so a scope limited to a type is not enough.
  if (p.size() == 2 && method == "POST") return named("instance.start", scope::start);
  if (p.size() == 2)
    return named(reads ? "instance.list" : "instance.purge", reads ? scope::read : scope::manage);
  const std::string_view verb = p.size() > 3 ? std::string_view(p[3]) : "";
  if (reads) return on_instance(verb == "why" ? "instance.why" : "instance.get", scope::read, p[2]);
  if (method == "PUT") {
    auto kind = named("instance.start", scope::start);
    kind.id = p[2];
    return kind;
  }
  if (method == "DELETE") return on_instance("instance.purge", scope::manage, p[2]);
  if (verb == "events" || verb == "raise")
    return on_instance("instance.raise", scope::signal, p[2]);
  return on_instance(steering_of(verb), scope::manage, p[2]);
}

route_kind native(const std::string& method, const path& p) {
  const bool reads = method == "GET";
  const std::string_view what = p.size() > 1 ? std::string_view(p[1]) : "";
  if (what == "actors" && p.size() > 2) return native_actor(method, p);
  if (what == "instances") return native_instance(method, p);
  if (what == "orchestrations" && p.size() > 2 && method == "POST")
    return start_of(p[2], p.size() > 3 ? &p[3] : nullptr);
  if (what == "dead-letters")
    return named(reads              ? "dead_letter.list"
                 : method == "POST" ? "dead_letter.retry"
                                    : "dead_letter.drop",
                 reads ? scope::read : scope::manage);
  if (reads && what == "locks") return named("lock.list", scope::read);
  if (what == "pools" || what == "devices" || what == "limits" || what == "version")
    return named("node", scope::read);
  return named("other", reads ? scope::read : scope::manage);
}

// Returns the name in @name@key, the form in which Durable Functions addresses an entity as an instance.
std::string type_of_entity(std::string_view id) {
  id.remove_prefix(1);
  return lower(id.substr(0, id.find('@')));
}

route_kind durable_instance(const std::string& method, const path& p) {
  const bool reads = method == "GET";
  if (p.size() == 4)
    return named(reads ? "instance.list" : "instance.purge", reads ? scope::read : scope::manage);
  if (method == "DELETE" && p[4].starts_with('@'))
    return on_actor("actor.delete", scope::manage, type_of_entity(p[4]));
  if (reads) return on_instance("instance.get", scope::read, p[4]);
  if (method == "DELETE") return on_instance("instance.purge", scope::manage, p[4]);
  if (p.size() == 7 && same_ignoring_case(p[5], "raiseEvent"))
    return on_instance("instance.raise", scope::signal, p[4]);
  return on_instance(p.size() > 5 ? steering_of(p[5]) : "instance.other", scope::manage, p[4]);
}

// The signal `delete` removes the entity unless an operation of that name is bound; it needs `manage` in
// both cases.
route_kind durable_entity(const std::string& method, const target& where) {
  const auto& p = where.segments;
  const bool reads = method == "GET";
  if (p.size() == 4) return named("actor.list", reads ? scope::read : scope::manage);
  const auto type = lower(p[4]);
  if (p.size() == 5) return on_actor("actor.list", reads ? scope::read : scope::manage, type);
  const auto* op = where.find("op");
  auto operation = op != nullptr ? lower(*op) : "";
  const bool deletes = method == "DELETE" || operation == "delete";
  auto kind = reads     ? on_actor("actor.get", scope::read, type)
              : deletes ? on_actor("actor.delete", scope::manage, type)
                        : on_actor("actor.call", scope::signal, type);
  kind.id = p[5];
  if (!reads && !deletes) kind.operation = std::move(operation);
  return kind;
}

route_kind durable_functions(const std::string& method, const target& where) {
  const auto& p = where.segments;
  const std::string_view what = p.size() > 3 ? std::string_view(p[3]) : "";
  if (same_ignoring_case(what, "orchestrators") && p.size() > 4)
    return start_of(p[4], p.size() > 5 ? &p[5] : nullptr);
  if (same_ignoring_case(what, "instances")) return durable_instance(method, p);
  if (same_ignoring_case(what, "entities")) return durable_entity(method, where);
  return named("other", scope::manage);
}

}  // namespace

route_kind kind_of(const http_request& request, const target& where) {
  if (&surface_of(where) == &durable_surface) {
    auto kind = durable_functions(request.method, where);
    kind.on = &durable_surface;
    return kind;
  }
  const auto& p = where.segments;
  if (!p.empty() && p[0] == "v1") return native(request.method, p);
  if (p.size() == 1 && p[0] == "metrics") return named("metrics", scope::read);
  return named("other", request.method == "GET" ? scope::read : scope::manage);
}

}  // namespace reprise::gateway
