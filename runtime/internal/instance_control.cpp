// What steers an instance from outside or from its parent: terminate, suspend, resume, rewind, restart,
// purge. Each is one transition that consumes the message, whatever the outcome.

#include <algorithm>
#include <utility>

#include "persistence/keys.hpp"
#include "persistence/limits.hpp"
#include "runtime/internal/engine.hpp"
#include "runtime/internal/instance_host.hpp"
#include "runtime/internal/instance_words.hpp"
#include "runtime/internal/page_reader.hpp"
#include "runtime/internal/transition.hpp"

namespace reprise::runtime {

namespace keys = persistence::keys;
using internal::event;
using internal::event_kind;

namespace {

event control_event(event_kind kind, const std::string& reason) {
  event e;
  e.kind = kind;
  e.value = payload(reason);
  return e;
}

}  // namespace

// One from a parent names the step that began this child: another instance may have its id by now.
void instance_host::terminate(message& m, const terminate_body& b) {
  const auto parent = std::exchange(m.reply, std::nullopt);  // which wants no answer
  if (!header_) return drop(m, not_found(self_.key));
  if (!alive()) return drop(m, gone(self_.key));
  if (parent && parent != header_->parent) return drop(m, payload{});
  if (parent) header_->parent.reset();
  with_children_ = b.recursive;
  end_as_terminated(&m, b.reason);
}

void instance_host::end_as_terminated(message* m, const std::string& reason) {
  event e;
  e.kind = event_kind::completed;
  e.number = next_number_;
  e.at = engine_.now();
  e.error = failure{cause::terminated, reason, false};
  run_.reset();
  commit_turn(m, {std::move(e)});
  with_children_ = false;
}

// From here on inputs are kept, and no code runs.
void instance_host::suspend(message& m, const suspend_body& b) {
  if (!header_) return drop(m, not_found(self_.key));
  if (!alive()) return drop(m, gone(self_.key));
  if (is(instance_state::suspended)) return drop(m, payload{});
  auto e = control_event(event_kind::suspended, b.reason);
  e.number = next_number_;
  e.at = engine_.now();
  if (run_) run_->feed(e);
  header_->status = static_cast<std::uint8_t>(instance_state::suspended);
  header_->finding.clear();
  commit_turn(&m, {std::move(e)});
}

// Of a stalled one: its code is tried again.
void instance_host::resume(message& m, const resume_body& b) {
  if (!header_) return drop(m, not_found(self_.key));
  if (!alive()) return drop(m, gone(self_.key));
  if (is(instance_state::stalled)) {
    drop(m, payload{});
    return read_again();
  }
  if (!is(instance_state::suspended)) return drop(m, payload{});
  auto e = control_event(event_kind::resumed, b.reason);
  e.number = next_number_;
  e.at = engine_.now();
  if (run_) run_->feed(e);
  const bool begun = header_->events > 1 || deferred_.empty();
  header_->status =
      static_cast<std::uint8_t>(begun ? instance_state::running : instance_state::pending);
  commit_turn(&m, {std::move(e)});
  if (!run_) return read_again();
  run_first();
  feed_deferred();
  resend_reads();
}

void instance_host::with_whole_history(message_ptr m, history_use use) {
  read_page(
      std::move(m), std::make_shared<std::vector<event>>(),
      keys::history_range(self_.key, header_->generation.term, header_->generation.position).first,
      std::move(use));
}

void instance_host::read_page(message_ptr m, std::shared_ptr<std::vector<event>> history,
                              std::string first, history_use use) {
  persistence::load_request page;
  page.first = std::move(first);
  page.last =
      keys::history_range(self_.key, header_->generation.term, header_->generation.position).second;
  page.max_entries = limits::replay_slice;
  load(
      std::move(page), while_loading::blocking,
      [this, m = std::move(m), history, use = std::move(use)](persistence::load_answer a) mutable {
        bool whole = !a.error && a.corrupt.empty();
        for (const auto& [key, value] : a.entries)
          whole = whole && records::decode_events(value, history->size(), *history);
        if (!whole || (!a.more && history->size() != header_->events)) {
          damaged("the history");
          return refuse(std::move(m), failure{cause::corrupt, "the history is damaged", false});
        }
        if (a.more) return read_page(std::move(m), history, after(a), std::move(use));
        use(std::move(m), std::move(*history));
      },
      horizon());
}

void instance_host::rewind(message_ptr m) {
  const auto parent = m->reply;
  if (!header_) return drop(*m, not_found(self_.key));
  if (parent && parent != header_->parent)
    return drop(*m, failure{cause::gone, "the child has another parent by now", false});
  if (!is(instance_state::failed))
    return drop(*m, failure{cause::invalid,
                            "instance \"" + self_.key +
                                "\" has not failed: only what failed can be rewound",
                            false});
  with_whole_history(std::move(m), [this](message_ptr asked, std::vector<event> history) {
    const auto plan = internal::plan_rewind(history, header_->undone);
    if (!plan) return drop(*asked, plan.error());
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
             rewind_body{std::get<rewind_body>(m.body).reason},
             reply_to{self_.key, header_->generation, number});
    } else {
      perform(t, asked);
      if (const auto open = open_.find(number);
          open != open_.end() && asked.kind == event_kind::activity)
        start_activity(t, number, open->second);
    }
  }
  t.put(keys::instance(self_.key), records::encode(*header_));
  t.put(keys::resend(self_.key), "");  // until it has run again
  if (!m.reply) t.answer(m, payload{});
  t.commit();
  read_again();
}

// The one under whose id another is started again is asked: only it can say whether it runs, and a key
// that is remembered here outlives the other. Both records are of one view: the other may go on as new.
void instance_host::restart(message_ptr m) {
  const auto from = std::get<restart_body>(m->body).from;
  persistence::load_request read;
  read.keys = {keys::instance(from)};
  std::tie(read.first, read.last) = keys::history_of(from);
  read.max_entries = 1;
  load(
      std::move(read), while_loading::blocking,
      [this, from, m = std::move(m)](persistence::load_answer a) mutable {
        const auto damage = [&] {
          return refuse(
              std::move(m),
              failure{cause::corrupt,
                      "a record of instance \"" + from + "\" is damaged; run store check", false});
        };
        if (a.error || !a.corrupt.empty()) return damage();
        if (!a.values.front()) return drop(*m, not_found(from));
        const auto header = records::decode_instance(*a.values.front());
        std::vector<event> events;
        if (!header || a.entries.empty() ||
            !records::decode_events(a.entries.front().second, 0, events) || events.empty())
          return damage();
        // The same body: "checkout" alone would be the newest.
        const orchestration_name name(header->orchestration);
        auto version = name.base == header->orchestration ? header->orchestration + ".1"
                                                          : header->orchestration;
        if (!engine_.app.newest_orchestration(version)) return drop(*m, unbound(version));
        m->body = start_body{std::move(version), std::move(events.front().value)};
        start(*m, std::get<start_body>(m->body), "restart");
      },
      horizon());
}

void instance_host::purge(message_ptr m) {
  const auto parent = std::exchange(m->reply, std::nullopt);  // which wants no answer
  if (!header_) return drop(*m, not_found(self_.key));
  if (parent && parent != header_->parent) return drop(*m, payload{});
  const auto& only = std::get<purge_body>(m->body).only;
  if (only && *only != header_->generation) return drop(*m, gone(self_.key));
  if (alive())
    return drop(*m,
                failure{cause::exists,
                        "instance \"" + self_.key + "\" has not ended: terminate it first", false});
  if (!std::get<purge_body>(m->body).recursive) return purged(*m, {});
  with_whole_history(std::move(m), [this](message_ptr asked, std::vector<event> history) {
    purged(*asked, history);
  });
}

// What the sweep saw may have begun anew since, or be gone: then the entry goes alone.
void instance_host::retire(message& m, const retire_body& b) {
  if (header_ && header_->status == b.state && header_->updated == b.ended) return purged(m, {});
  transition t(engine_, self_, engine_.now());
  if (!begin(t)) return;
  t.erase(keys::ended(b.state, b.ended.time_since_epoch().count(), self_.key));
  t.answer(m, payload{});
  t.commit();
}

void instance_host::add_attempts(const event& child, std::vector<left_child>& to) const {
  const auto attempts = child.key.empty() ? std::clamp(child.policy.attempts, 1u, 100u) : 1u;
  for (auto attempt = 1u; attempt <= attempts; ++attempt)
    to.push_back({child.number, internal::child_id(child, header_->generation, attempt)});
}

// Children first, a bounded number in a transition: cut short, it is asked for again.
void instance_host::purged(message& m, const std::vector<event>& history) {
  constexpr std::size_t at_once = 10'000;
  std::vector<left_child> below;
  for (const auto& e : history)
    if (e.kind == event_kind::child) add_attempts(e, below);
  for (std::size_t i = 0; i < below.size();) {
    transition sends(engine_, self_, engine_.now());
    if (!begin(sends)) return;
    for (std::size_t sent = 0; sent < at_once && i < below.size(); ++sent, ++i)
      sends.send({address_kind::instance, "", below[i].id}, purge_body{true, {}},
                 reply_to{self_.key, header_->generation, below[i].step});
    sends.commit();
  }
  transition t(engine_, self_, engine_.now());
  if (!begin(t)) return;
  t.consume(m);
  t.erase(keys::instance(self_.key));
  t.erase(end_entry());
  t.erase_range(keys::history_of(self_.key));
  if (m.once) write_dedup(t, self_, once_scope(m), *m.once, payload{}, nullptr);
  t.leave([&e = engine_, self = self_](commit_outcome) { e.hosts.release(self); });
  t.answer(m, payload{});
  t.commit();
  header_.reset();
  left_children_.clear();
  next_number_ = 0;
  history_bytes_ = 0;
  weigh();
}

}  // namespace reprise::runtime
