#include "runtime/commit/transition.hpp"
#include "runtime/commit/turn_services.hpp"

#include <cassert>
#include <utility>

#include "persistence/keys.hpp"
#include "runtime/message/records.hpp"

namespace reprise::runtime {

namespace keys = persistence::keys;

result<payload> settled(commit_outcome outcome, result<payload> answer) {
  switch (outcome) {
    case commit_outcome::durable:
      return answer;
    case commit_outcome::not_applied:
      return failure{cause::unavailable, "not applied: the disk did not take the write", true};
    case commit_outcome::unknown:
      break;
  }
  return failure{cause::unknown_outcome,
                 "the disk failed while this was written; ask again after the restart", false};
}

namespace {

bool asks_for_work(const message_body& body) noexcept {
  return std::holds_alternative<call_body>(body) || std::holds_alternative<start_body>(body) ||
         std::holds_alternative<raised_body>(body);
}

}  // namespace

transition::transition(turn_services& s, const address& self, time_point now)
    : services_(s), self_(self), now_(now) {}

bool transition::open(std::uint64_t epoch) { return services_.log.take(epoch, ticket_); }

void transition::consume(const message& m) {
  if (services_.letters.any()) services_.letters.consumed(*this, self_, m);
  if (m.durable)
    erase(keys::message(records::owner_of(self_), static_cast<std::uint8_t>(m.lane), m.id.term,
                        m.id.at, static_cast<std::uint32_t>(m.id.index)));
  else if (m.from_timer && !std::holds_alternative<fired_body>(m.body))
    erase(keys::timer(m.timer_due.time_since_epoch().count(), records::owner_of(self_), m.id.term,
                      m.id.at, m.id.index));
}

message_ptr transition::make(address to, message_body body, std::optional<reply_to> reply) {
  auto m = std::make_unique<message>();
  m->to = std::move(to);
  m->sender = self_;
  m->sent = now_;
  m->horizon = horizon();
  m->reply = std::move(reply);
  m->body = std::move(body);
  m->lane = lane_of(*m);
  if (trace_ && asks_for_work(m->body)) m->trace = trace_;
  return m;
}

void transition::report(span told) {
  leave([&s = services_, told = std::move(told)](commit_outcome o) mutable {
    if (o == commit_outcome::durable) s.observer.report(std::move(told));
  });
}

void transition::name(message& m) {
#ifdef REPRISE_MUTATION_id_reuse
  m.id = {1, ticket_.at % 2, index_++};
#else
  m.id = {ticket_.term, ticket_.at, index_++};
#endif
}

void transition::record(message_ptr m) {
  m->durable = true;
  put(keys::message(records::owner_of(m->to), static_cast<std::uint8_t>(m->lane), m->id.term,
                    m->id.at, static_cast<std::uint32_t>(m->id.index)),
      records::encode(*m));
  outgoing_.push_back(std::move(m));
}

void transition::send(address to, message_body body, std::optional<reply_to> reply,
                      time_point due) {
  auto m = make(std::move(to), std::move(body), std::move(reply));
  name(*m);
  if (due <= now_) return record(std::move(m));
  m->from_timer = true;
  m->timer_due = due;
  m->lane = lane_of(*m);
  put(keys::timer(due.time_since_epoch().count(), records::owner_of(m->to), m->id.term, m->id.at,
                  m->id.index),
      records::encode_message_timer(*m));
  timers_.push_back(std::move(m));
}

void transition::forward(message_ptr m) {
  m->id = {ticket_.term, ticket_.at, index_++};
  m->horizon = horizon();
  m->durable = true;
  m->from_timer = false;
  m->lane = lane_of(*m);
  put(keys::message(records::owner_of(m->to), static_cast<std::uint8_t>(m->lane), m->id.term,
                    m->id.at, static_cast<std::uint32_t>(m->id.index)),
      records::encode(*m));
  outgoing_.push_back(std::move(m));
}

void transition::fire_later(const generation& g, std::uint64_t step, time_point due) {
  auto m = make(self_, fired_body{g, step}, {});
  m->id = {g.term, g.position, step};
  m->from_timer = true;
  m->timer_due = due;
  put(keys::timer(due.time_since_epoch().count(), records::owner_of(self_), g.term, g.position,
                  step),
      records::encode_step_timer(g, step));
  timers_.push_back(std::move(m));
}

void transition::forget_timer(const generation& g, std::uint64_t step, time_point due) {
  if (due == time_point{}) return;
  erase(keys::timer(due.time_since_epoch().count(), records::owner_of(self_), g.term, g.position,
                    step));
  services_.timers.cancel(self_, due, {g.term, g.position, step});
}

void transition::send_within(recorded how, address to, message_body body,
                             std::optional<reply_to> reply) {
  auto m = make(std::move(to), std::move(body), std::move(reply));
  m->lane = lane::answers;
  if (how == recorded::yes) {
    name(*m);
    return record(std::move(m));
  }
  m->id = services_.ids.next();
  outgoing_.push_back(std::move(m));
}

void transition::send_unlogged(address to, message_body body, std::optional<reply_to> reply,
                               time_point due) {
  auto m = make(std::move(to), std::move(body), std::move(reply));
  m->id = services_.ids.next();
  if (due > now_) {
    m->timer_due = due;
    timers_.push_back(std::move(m));
    return;
  }
  outgoing_.push_back(std::move(m));
}

void transition::answer(message& asked, result<payload> outcome) {
  if (asked.reply) {
    answer_body body{
        asked.reply->generation, asked.reply->step, std::move(outcome), asked.reply->attempt, {},
        asked.reply->round};
    address to{address_kind::instance, "", asked.reply->instance};
    if (asked.durable || asked.from_timer)
      send(std::move(to), std::move(body));
    else
      send_unlogged(std::move(to), std::move(body));
    return;
  }
  if (!asked.done) return;
  asked.done.in_the_log();
  leave([done = std::move(asked.done), r = std::move(outcome)](commit_outcome o) mutable {
    done(settled(o, std::move(r)));
  });
}

void transition::take_back() {
  persistence::write_reader taken(writes_.bytes());
  persistence::batch kept;
  while (const auto w = taken.next())
    if (w->kind == persistence::write_kind::erase && keys::read_dead_letter(w->key))
      kept.erase(w->key);
  writes_ = std::move(kept);
  gates_.clear();
  outgoing_.clear();
  timers_.clear();
  index_ = 0;
}

// A transition too large for a frame aborts here, on the thread of the turn that made it: so the crash
// is counted against that turn.
void transition::commit(commit_log::followed f) {
  assert(bytes() <= limits::max_group_bytes - limits::group_overhead);
  for (auto& m : timers_)
    if (m->from_timer)
      services_.timers.set(std::move(m));
    else
      services_.timers.set_unrecorded(std::move(m));
  for (auto& m : outgoing_) services_.router.send(std::move(m), ticket_.epoch);
  if (self_.kind == address_kind::instance && services_.changes.is_watched())
    leave([&s = services_, id = self_.key](commit_outcome o) {
      if (o == commit_outcome::durable) s.changes.changed(id);
    });
  services_.log.publish(ticket_, std::move(writes_), std::move(gates_), f);
}

}  // namespace reprise::runtime
