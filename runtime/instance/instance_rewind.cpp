// Rewind: what failed is taken back (actors/orchestration/rewind_plan.hpp) and requested again, in
// failed children too. A rewind that would change nothing is refused. If everything that failed is a
// child, the children are asked first whether they would be rewound, and nothing is done if none would.

#include <algorithm>
#include <memory>
#include <mutex>
#include <utility>

#include "actors/orchestration/child_id.hpp"
#include "persistence/keys.hpp"
#include "runtime/commit/transition.hpp"
#include "runtime/commit/turn_services.hpp"
#include "runtime/instance/instance_failures.hpp"
#include "runtime/instance/instance_host.hpp"

namespace reprise::runtime {

namespace keys = persistence::keys;

namespace {

// The dry run over the children of one rewind. When all have answered, the rewind goes on if one would
// be rewound; otherwise it is refused with the first child's reason. In memory only, like the request
// itself.
class children_asked {
 public:
  children_asked(turn_services& s, message_ptr asked, std::size_t waiting)
      : services_(s), asked_(std::move(asked)), waiting_(waiting) {}

  void answered(const std::string& child, result<payload> said) {
    {
      const std::lock_guard lock(mutex_);
      if (said)
        some_would_ = true;
      else if (!refused_)
        refused_ = refusal_of(child, said.error());
      if (--waiting_ != 0) return;
    }
    auto& body = std::get<rewind_body>(asked_->body);
    if (!some_would_) return tell(*std::move(refused_));
    if (body.tried_for) return tell(payload{});
    body.tried = true;
    asked_->id = services_.ids.next();
    services_.router.deliver(std::move(asked_));
  }

 private:
  void tell(result<payload> r) {
    if (asked_->done) asked_->done(std::move(r));
  }
  static failure refusal_of(const std::string& child, const failure& why) {
    if (why.why != cause::nothing_undone && why.why != cause::invalid) return why;
    return {why.why,
            "nothing would be taken back: what failed is a child, instance \"" + child +
                "\", and of it is said: " + why.text,
            false};
  }

  turn_services& services_;
  std::mutex mutex_;
  message_ptr asked_;
  std::size_t waiting_;
  bool some_would_ = false;
  std::optional<failure> refused_;
};

}  // namespace

void instance_host::rewind(message_ptr m) {
  if (m->reply) return rewind_for_parent(std::move(m));
  if (const auto& parent = std::get<rewind_body>(m->body).tried_for) {
    // If the child is not this failure any more, a rewind would give the parent's step another outcome.
    if (!is(instance_state::failed) || header_->parent != parent) return drop(*m, payload{});
    return rewind_failed(std::move(m));
  }
  if (!header_) return drop(*m, not_found(self_.key));
  if (!is(instance_state::failed))
    return drop(*m, failure{cause::invalid,
                            "instance \"" + self_.key +
                                "\" has not failed: only what failed can be rewound",
                            false});
  rewind_failed(std::move(m));
}

// The parent's step is open again and needs an outcome, whatever became of the child since: it may have
// been rewound on its own and be running or ended; it may be purged, or another instance may have its
// id.
void instance_host::rewind_for_parent(message_ptr m) {
  auto& asked = std::get<rewind_body>(m->body);
  const bool same = header_ && header_->parent == m->reply;
  if (same && is(instance_state::failed)) return rewind_failed(std::move(m));
  if (same && is(instance_state::completed)) return drop(*m, *header_->outcome);
  if (same && alive()) {
    header_->parent = *m->reply;  // it answers this round when it ends
    m->reply.reset();
    transition t(services_, self_, services_.now());
    if (!begin(t)) return;
    t.consume(*m);
    t.put(keys::instance(self_.key), records::encode(*header_));
    return t.commit();
  }
  // Recorded by an older program.
  if (asked.orchestration.empty()) return drop(*m, not_found(self_.key));
  m->body = start_body{std::move(asked.orchestration), std::move(asked.input)};
  start(*m, std::get<start_body>(m->body));
}

void instance_host::rewind_failed(message_ptr m) {
  with_whole_history(std::move(m), [this](message_ptr asked, std::vector<history_event> history) {
    // A parent's rewind may concern more than this child: then the child answers its outcome again.
    const auto refused = [&](const failure& why) {
      drop(*asked, asked->reply ? *header_->outcome : result<payload>(why));
    };
    const auto plan = internal::plan_rewind(history, header_->undone);
    if (!plan) return refused(plan.error());
    const auto& body = std::get<rewind_body>(asked->body);
    if (const auto some = changes_something(*plan, history); !some) return refused(some.error());
    const bool all_children =
        !plan->failed.empty() && std::all_of(plan->failed.begin(), plan->failed.end(), [&](auto n) {
          return history[n].kind == event_kind::child;
        });
    if (all_children && !asked->reply && !body.tried)
      return ask_children(std::move(asked), *plan, history);
    if (body.tried_for) return drop(*asked, payload{});
    rewound(*asked, *plan, history);
  });
}

result<> instance_host::changes_something(const internal::rewind_plan& plan,
                                          const std::vector<history_event>& history) const {
  const auto* code = services_.app.find_orchestration(header_->orchestration);
  if (!plan.given_again || !code) return done;
  auto again = internal::tried_again(plan, history, *code, self_.key, header_->generation);
  if (!again) return done;
  cut_to_limits(*again, header_->events, bytes_of(history), services_.now());
  return internal::changes_something(plan, history, *again);
}

void instance_host::ask_children(message_ptr m, const internal::rewind_plan& plan,
                                 const std::vector<history_event>& history) {
  const auto gather = std::make_shared<children_asked>(services_, std::move(m), plan.failed.size());
  for (const auto number : plan.failed) {
    const auto child = internal::child_id(history[number], header_->generation, 1);
    auto ask = std::make_unique<message>();
    ask->id = services_.ids.next();
    ask->to = {address_kind::instance, "", child};
    ask->sender = self_;
    ask->horizon = horizon();
    rewind_body body;
    body.tried_for = reply_to{self_.key, header_->generation, number};
    ask->body = std::move(body);
    ask->lane = lane_of(*ask);
    ask->done = callback<result<payload>>(
        [gather, child](result<payload> r) { gather->answered(child, std::move(r)); });
    services_.router.deliver(std::move(ask));
  }
}

// Reopens the failed steps and requests them again; children are rewound.
void instance_host::rewound(message& m, const internal::rewind_plan& plan,
                            const std::vector<history_event>& history) {
  transition t(services_, self_, services_.now());
  if (!begin(t)) return;
  t.consume(m);
  t.erase(end_entry());
  next_number_ = header_->events;
  auto e = control_event(event_kind::rewound, std::get<rewind_body>(m.body).reason);
  e.number = next_number_++;
  e.target = e.number;
  e.at = t.now();
  t.put(keys::event(self_.key, header_->generation.term, header_->generation.position, e.number),
        records::encode(std::vector{e}));
  header_->status = static_cast<std::uint8_t>(instance_state::running);
  header_->outcome.reset();
  header_->undone = plan.undone;
  header_->events = next_number_;
  header_->updated = t.now();
  follow(history.front());  // restores the trace: an ended instance has only read its header
  t.carry(run_trace());
  if (m.reply) header_->parent = *m.reply;  // the round that its end answers
  for (const auto number : plan.reopened) {
    const auto& asked = history[number];
    open_[number].round = static_cast<std::uint32_t>(e.target);
    if (asked.kind == event_kind::timer) {
      t.fire_later(header_->generation, number, asked.due);
    } else if (asked.kind == event_kind::child) {
      t.send({address_kind::instance, "", internal::child_id(asked, header_->generation, 1)},
             rewind_body{std::get<rewind_body>(m.body).reason, asked.name, asked.value},
             waiting(number));
    } else {
      perform(t, asked);
    }
  }
  t.put(keys::instance(self_.key), records::encode(*header_));
  t.put(keys::resend(self_.key), "");  // until it has run again
  if (m.once) write_dedup(t, self_, once_scope(m), *m.once, payload{});
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
  if (!m.reply || !told) t.answer(m, std::move(told));  // a parent is answered at the end
  t.commit();
  read_again();
}

}  // namespace reprise::runtime
