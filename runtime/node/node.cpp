#include "runtime/node.hpp"

#include <memory>
#include <utility>

#include "runtime/node/engine.hpp"
#include "runtime/node/node_access.hpp"
#include "runtime/node/outside_calls.hpp"

namespace reprise {

result<std::unique_ptr<node>> internal::node_access::open(std::unique_ptr<runtime::engine> e) {
  if (const auto recovered = e->recover(); !recovered) return recovered.error();
  return std::unique_ptr<node>(new node(std::move(e)));
}

node::node(std::unique_ptr<runtime::engine> e) : engine_(std::move(e)) {}
node::~node() {
  if (engine_) close();
}
void node::close() { engine_->close(); }

const bindings& node::bound() const noexcept { return engine_->app; }

node_state node::state() const {
  const auto now = engine_->state();
  if (now == runtime::engine_state::failed) return node_state::failed;
  if (now == runtime::engine_state::closed) return node_state::closed;
  if (engine_->admits()) return node_state::ready;
  const auto load = engine_->store->load_state();
  if (load.full) return node_state::full;
  return load.must_wait || now == runtime::engine_state::ready ? node_state::behind
                                                               : node_state::recovering;
}

void node::perform(request what, ask_options o, when_answered told) {
  runtime::send_from_outside(
      *engine_, {address_kind::actor, std::move(what.name), std::move(what.key)},
      runtime::call_body{std::move(what.operation), std::move(what.input)}, o, std::move(told));
}

void node::start(request what, ask_options o, when<std::string> told) {
  runtime::start_instance(*engine_, std::move(what), std::move(o), std::move(told));
}

handle<done_t> node::tell(const request& what, ask_options o) {
  return handle_of_done([&](auto told) {
    if (what.kind != request_kind::operation) return told(runtime::no_operation(what));
    perform(what, std::move(o), runtime::without_value(std::move(told)));
  });
}

void node::perform_to_end(request what, ask_options o, when_answered told) {
  if (what.kind != request_kind::orchestration && what.kind != request_kind::operation)
    return told(runtime::no_operation(what));
  if (what.kind == request_kind::operation)
    return perform(std::move(what), std::move(o), std::move(told));
  if (what.key.empty() && !o.once)
    return runtime::start_to_end(*engine_, std::move(what), std::move(o), std::move(told));
  start(std::move(what), std::move(o), [this, told = std::move(told)](result<std::string> id) {
    if (!id) return told(id.error());
    instances()
        .wait(*id,
              [told](result<instance_status> s) {
                // It has ended, so it has an outcome.
                told(s ? s->outcome.value() : result<payload>(s.error()));
              })
        .keep();
  });
}

}  // namespace reprise
