// A rewind: what failed is taken back (actors/internal/rewind_plan.hpp) and asked for again, in failed
// children too. One that would change nothing is refused.

#include <utility>

#include "persistence/keys.hpp"
#include "runtime/internal/engine.hpp"
#include "runtime/internal/instance_host.hpp"
#include "runtime/internal/instance_words.hpp"
#include "runtime/internal/transition.hpp"

namespace reprise::runtime {

namespace keys = persistence::keys;
using internal::event;
using internal::event_kind;

void instance_host::rewind(message_ptr m) {
  if (m->reply) return rewind_for_parent(std::move(m));
  if (!header_) return drop(*m, not_found(self_.key));
  if (!is(instance_state::failed))
    return drop(*m, failure{cause::invalid,
                            "instance \"" + self_.key +
                                "\" has not failed: only what failed can be rewound",
                            false});
  rewind_failed(std::move(m));
}

// The parent's step is open again and gets an outcome, whatever became of the child since it failed: it
// may have been rewound by itself, and run or have ended; it may be purged, or another has its id.
void instance_host::rewind_for_parent(message_ptr m) {
  auto& asked = std::get<rewind_body>(m->body);
  const bool same = header_ && header_->parent == m->reply;
  if (same && is(instance_state::failed)) return rewind_failed(std::move(m));
  if (same && is(instance_state::completed)) return drop(*m, *header_->outcome);
  if (same && alive()) {
    m->reply.reset();  // it answers when it ends
    return drop(*m, payload{});
  }
  if (asked.orchestration.empty()) return drop(*m, not_found(self_.key));  // of an older program
  m->body = start_body{std::move(asked.orchestration), std::move(asked.input)};
  start(*m, std::get<start_body>(m->body));
}

void instance_host::rewind_failed(message_ptr m) {
  with_whole_history(std::move(m), [this](message_ptr asked, std::vector<event> history) {
    const auto plan = internal::plan_rewind(history, header_->undone);
    if (!plan) return drop(*asked, plan.error());
    if (const auto* code = engine_.app.find_orchestration(header_->orchestration))
      if (const auto some =
              internal::changes_something(*plan, history, *code, self_.key, header_->generation);
          !some)
        return drop(*asked, some.error());
    rewound(*asked, *plan, history);
  });
}

// What failed is open again; what it asked for is asked for again, of children by rewinding them.
void instance_host::rewound(message& m, const internal::rewind_plan& plan,
                            const std::vector<event>& history) {
  transition t(engine_, self_, engine_.now());
  if (!begin(t)) return;
  t.consume(m);
  t.erase(end_entry());
  next_number_ = header_->events;
  auto e = control_event(event_kind::rewound, std::get<rewind_body>(m.body).reason);
  e.number = next_number_++;
  e.at = t.now();
  t.put(keys::event(self_.key, header_->generation.term, header_->generation.position, e.number),
        records::encode(std::vector{e}));
  header_->status = static_cast<std::uint8_t>(instance_state::running);
  header_->outcome.reset();
  header_->undone = plan.undone;
  header_->events = next_number_;
  header_->updated = t.now();
  follow(history.front());  // its trace: an ended one has read its header only
  t.carry(run_trace());
  for (const auto number : plan.reopened) {
    const auto& asked = history[number];
    if (asked.kind == event_kind::timer) {
      t.fire_later(header_->generation, number, asked.due);
    } else if (asked.kind == event_kind::child) {
      t.send({address_kind::instance, "", internal::child_id(asked, header_->generation, 1)},
             rewind_body{std::get<rewind_body>(m.body).reason, asked.name, asked.value},
             reply_to{self_.key, header_->generation, number});
    } else {
      perform(t, asked);
    }
  }
  t.put(keys::instance(self_.key), records::encode(*header_));
  t.put(keys::resend(self_.key), "");  // until it has run again
  result<payload> told = payload{};
  if (!t.fits()) {
    t.take_back();
    t.consume(m);
    told = failure{cause::limit,
                   "what failed asked for more than fits max_bytes_per_turn; it stays as it is",
                   false};
  } else {
    for (const auto number : plan.reopened)
      if (const auto open = open_.find(number);
          open != open_.end() && history[number].kind == event_kind::activity)
        start_activity(t, number, open->second);
  }
  if (!m.reply) t.answer(m, std::move(told));
  t.commit();
  read_again();
}

}  // namespace reprise::runtime
