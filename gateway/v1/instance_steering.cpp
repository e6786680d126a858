#include "gateway/v1/instance_steering.hpp"

#include "gateway/access/idempotency_key.hpp"
#include "gateway/api/json_body.hpp"
#include "gateway/json/json_in.hpp"
#include "gateway/json/text.hpp"
#include "gateway/v1/native_routes.hpp"
#include "gateway/wire/problem.hpp"

namespace reprise::gateway {

namespace {

struct command {
  std::string reason;
  children which = children::left_alone;
  ask_options once;
};

enum class reach { itself, children_too };

// Reads the body and the idempotency key. Returns nothing if the request was refused and answered.
std::optional<command> command_of(const shared_request& e, reach may) {
  if (auto refused = refused_media(e->request)) {
    e->answer(std::move(*refused));
    return std::nullopt;
  }
  auto body = may == reach::itself ? json_body(e->request.body, {"reason"})
                                   : json_body(e->request.body, {"reason", "recursive"});
  command wanted;
  wanted.reason = body.text("reason");
  if (body.flag("recursive", false)) wanted.which = children::included;
  if (auto refused = body.refused()) {
    e->answer(std::move(*refused));
    return std::nullopt;
  }
  auto once = once_of(e->request);
  if (!once) {
    e->answer(problem(once.error()));
    return std::nullopt;
  }
  wanted.once = std::move(*once);
  return wanted;
}

using steering = void (instances_view::*)(std::string, std::string, ask_options, when<void>) const;

void steer(const shared_request& e, steering how) {
  auto wanted = command_of(e, reach::itself);
  if (!wanted) return;
  (e->on.instances().*how)(e->where.segments[2], std::move(wanted->reason), std::move(wanted->once),
                           no_content(e));
}

}  // namespace

void raise_event(const shared_request& e) {
  const auto& path = e->where.segments;  // v1, instances, id, events, event
  if (auto refused = refused_media(e->request)) return e->answer(std::move(*refused));
  const auto* bound = e->on.bound().find_event(path[4]);
  if (bound == nullptr)
    return e->answer(problem(
        {cause::unbound, "no event \"" + path[4] + "\" is bound: no orchestration can wait for it",
         false}));
  std::string pointer;
  auto value = read_json(*bound->type, e->request.body, pointer);
  if (!value) return e->answer(problem(value.error(), pointer));
  auto once = once_of(e->request);
  if (!once) return e->answer(problem(once.error()));
  e->on.instances().raise(event_to(path[2], lower(path[4]), std::move(*value)), std::move(*once),
                          no_content(e));
}

void terminate_instance(const shared_request& e) {
  auto wanted = command_of(e, reach::children_too);
  if (!wanted) return;
  e->on.instances().terminate(e->where.segments[2], {std::move(wanted->reason), wanted->which},
                              std::move(wanted->once), no_content(e));
}

void suspend_instance(const shared_request& e) { steer(e, &instances_view::suspend); }
void resume_instance(const shared_request& e) { steer(e, &instances_view::resume); }

// cause::invalid, an instance that has not failed or whose failure cannot be taken back, gives 409: it
// conflicts with the state of the instance, not with the request.
void rewind_instance(const shared_request& e) {
  auto wanted = command_of(e, reach::itself);
  if (!wanted) return;
  e->on.instances().rewind(e->where.segments[2], std::move(wanted->reason), std::move(wanted->once),
                           [e, done = no_content(e)](result<> taken) {
                             if (taken || taken.error().why != cause::invalid)
                               return done(std::move(taken));
                             e->answer(problem(409, "not_failed", taken.error().text));
                           });
}

void purge_instance(const shared_request& e) {
  parameters given(e->where);
  const auto which = given.flag("recursive", false) ? children::included : children::left_alone;
  if (given.refused()) return e->answer(problem(*given.refused()));
  auto once = once_of(e->request);
  if (!once) return e->answer(problem(once.error()));
  e->on.instances().purge(e->where.segments[2], {which}, std::move(*once), no_content(e));
}

}  // namespace reprise::gateway
