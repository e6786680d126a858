#include "runtime/internal/activity_service.hpp"

#include <utility>

#include "actors/attempt_context.hpp"
#include "runtime/internal/engine.hpp"

namespace reprise::runtime {

activity_service::activity_service(engine& e) : engine_(e), shared_(std::make_shared<shared>()) {
  shared_->owner = &e;
}

activity_service::~activity_service() {
  std::lock_guard lock(shared_->mutex);
  shared_->owner = nullptr;
  for (auto& [where, source] : shared_->running) source.request_stop();
}

void activity_service::start(const std::string& instance, const internal::generation& g,
                             std::uint64_t step, const records::request& what) {
  const place where{instance, g, step};
  const auto* bound = engine_.app.find_activity(what.what.name);
  std::stop_token cancel;
  {
    std::lock_guard lock(shared_->mutex);
    const auto [it, fresh] = shared_->running.try_emplace(where);
    if (!fresh) return;
    cancel = it->second.get_token();
  }
  if (!bound)
    return finish(
        *shared_, where,
        failure{cause::unbound, "no activity \"" + what.what.name + "\" is bound in this program",
                false});
  // The same for every attempt and every restart: what makes the outside world idempotent.
  auto id = instance + '@' + std::to_string(g.term) + '.' + std::to_string(g.position) + '#' +
            std::to_string(step);
  const record_name record{{g.term, g.position, step}, {}, record_name::table::requests, {}};
  engine_.exec->post(bound->pool, [state = shared_, where, bound, cancel, id = std::move(id),
                                   record, slate = engine_.options.slate, attempt = what.attempt,
                                   input = what.what.value] {
    const auto now = began(*state, where);
    if (!now) return;
    attempt_context here(id, attempt, cancel);
    const address who{address_kind::instance, bound->name, std::get<0>(where)};
    result<payload> outcome = [&] {
      const crash_slate::occupation occupied(slate.get(), who, record, *now);
      return bound->run(input, here);
    }();
    finish(*state, where, std::move(outcome));
  });
}

std::optional<time_point> activity_service::began(shared& state, const place&) {
  std::lock_guard lock(state.mutex);
  if (!state.owner) return std::nullopt;
  return state.owner->exec->now();
}

void activity_service::finish(shared& state, const place& where, result<payload> outcome) {
  auto m = std::make_unique<message>();
  const auto& [instance, g, step] = where;
  m->to = {address_kind::instance, "", instance};
  m->body = answer_body{g, step, std::move(outcome)};
  m->lane = lane::answers;
  std::lock_guard lock(state.mutex);
  state.running.erase(where);
  if (!state.owner) return;
  m->id = state.owner->outside_id();
  state.owner->deliver(std::move(m));
}

void activity_service::cancel(const std::string& instance, const internal::generation& g,
                              std::uint64_t step) {
  std::lock_guard lock(shared_->mutex);
  const auto found = shared_->running.find(place{instance, g, step});
  if (found != shared_->running.end()) found->second.request_stop();
}

}  // namespace reprise::runtime
