#include "runtime/internal/activity_service.hpp"

#include <utility>

#include "actors/attempt_context.hpp"
#include "runtime/internal/engine.hpp"

namespace reprise::runtime {

// The same for every attempt and every restart: what makes the outside world idempotent.
std::string activity_service::id_of(const place& where) {
  const auto& [instance, g, step] = where;
  return instance + '@' + std::to_string(g.term) + '.' + std::to_string(g.position) + '#' +
         std::to_string(step);
}

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
  const auto* bound = engine_.app.find_activity(what.what.name);
  place_of_attempt at;
  {
    std::lock_guard lock(shared_->mutex);
    const auto [it, fresh] = shared_->running.try_emplace(place{instance, g, step});
    if (!fresh) return;
    at = it;
  }
  if (!bound)
    return finish(
        *shared_, at,
        failure{cause::unbound, "no activity \"" + what.what.name + "\" is bound in this program",
                false});
  engine_.exec->post(bound->pool,
                     [state = shared_, at, bound, attempt = what.attempt, input = what.what.value] {
                       attempt_context here(id_of(at->first), attempt, at->second.get_token());
                       finish(*state, at, bound->run(input, here));
                     });
}

// The attempt's place stays until its end, whatever is started or ends beside it.
void activity_service::finish(shared& state, place_of_attempt at, result<payload> outcome) {
  auto m = std::make_unique<message>();
  const auto& [instance, g, step] = at->first;
  m->to = {address_kind::instance, "", instance};
  m->body = answer_body{g, step, std::move(outcome)};
  m->lane = lane::answers;
  std::lock_guard lock(state.mutex);
  state.running.erase(at);
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
