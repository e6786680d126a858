// What an orchestration asked for becomes records and messages; its answers close what they opened.

#include <algorithm>
#include <utility>

#include "persistence/keys.hpp"
#include "persistence/limits.hpp"
#include "runtime/internal/engine.hpp"
#include "runtime/internal/instance_host.hpp"
#include "runtime/internal/transition.hpp"
#include "runtime/node.hpp"

namespace reprise::runtime {

namespace keys = persistence::keys;
using internal::event;
using internal::event_kind;

namespace {

// A turn that asks for too much ends the instance with the name of the limit.
const char* passed_limit(const std::vector<event>& events) {
  std::size_t bytes = 0;
  for (const auto& e : events) bytes += e.value.size() + e.name.size() + e.key.size() + 64;
  if (events.size() > limits::max_messages_per_turn) return "max_messages_per_turn";
  if (bytes > limits::max_bytes_per_turn / 2) return "max_bytes_per_turn";  // history and message
  return nullptr;
}

}  // namespace

void instance_host::commit_turn(message* m, std::vector<event> events) {
  if (const auto* limit = passed_limit(events)) {
    event failed;
    failed.kind = event_kind::completed;
    failed.number = next_number_;
    failed.at = engine_.now();
    failed.error =
        failure{cause::limit, std::string("a turn of the orchestration passed ") + limit, false};
    events.assign(1, std::move(failed));
  }
  transition t(engine_, self_, engine_.now());
  if (!begin(t)) return;
  if (m) t.consume(*m);
  header_->updated = t.now();
  std::vector<std::uint64_t> activities;
  for (const auto& e : events) {
    perform(t, e);
    if (e.kind == event_kind::activity) activities.push_back(e.number);
    next_number_ = e.number + 1;
  }
  if (!events.empty()) {
    auto chunk = records::encode(events);
    history_bytes_ += chunk.size();
    t.put(keys::event(self_.key, header_->generation.term, header_->generation.position,
                      events.front().number),
          chunk);
  }
  header_->events = next_number_;
  t.put(keys::instance(self_.key), records::encode(*header_));
  const bool visit = needs_a_visit();
  if (visit && !listed_) t.put(keys::resend(self_.key), "");
  if (!visit && listed_) t.erase(keys::resend(self_.key));
  listed_ = visit;
  if (m && m->once) write_dedup(t, self_, once_scope(*m), *m->once, payload{}, nullptr);
  if (m) t.answer(*m, payload{});

  std::vector<std::pair<std::uint64_t, records::request>> starts;
  for (const auto step : activities) {
    const auto open = open_.find(step);
    if (open == open_.end()) continue;  // withdrawn in the same turn
    const auto& o = open->second;
    records::request request{o.attempt, o.began, {}, {}, o.what};
    const auto* bound = engine_.app.find_activity(o.what.name);
    if (bound && bound->speculative && !engine_.letters.any())  // one that kills must be found
      engine_.activities.start(self_.key, header_->generation, step, request);
    else
      starts.emplace_back(step, std::move(request));
  }
  if (!starts.empty())
    t.leave([&e = engine_, id = self_.key, g = header_->generation,
             starts = std::move(starts)](commit_outcome o) {
      if (o != commit_outcome::durable) return;
      for (const auto& [step, request] : starts) e.activities.start(id, g, step, request);
    });
  t.commit();
  weigh();
}

void instance_host::perform(transition& t, const event& e) {
  switch (e.kind) {
    case event_kind::operation: {
      auto& open = open_[e.number];
      open.what = e;
      open.began = t.now();
      const auto* type = engine_.app.find_actor(e.name);
      const auto* operation = type ? type->find(e.operation) : nullptr;
      open.read_only = operation && operation->read_only;
      if (open.read_only) ++header_->open_reads;
      send_call(t, e, open.read_only);
      break;
    }
    case event_kind::activity: {
      auto& open = open_[e.number];
      open.what = e;
      open.began = t.now();
      open.stored = true;
      store_request(t, e.number, open, {});
      break;
    }
    case event_kind::timer: {
      open_[e.number].what = e;
      t.fire_later(header_->generation, e.number, e.due);
      break;
    }
    case event_kind::answered:
      close_step(t, e.target, end_of_step::answered);
      break;
    case event_kind::withdrawn:
      close_step(t, e.target, end_of_step::withdrawn);
      break;
    case event_kind::tell:
      t.send({address_kind::actor, e.name, e.key}, call_body{e.operation, e.value});
      break;
    case event_kind::status:
      header_->custom_status = std::string(e.value.bytes());
      break;
    case event_kind::completed:
      end(t, e);
      break;
    default:
      break;
  }
}

// Recovery must activate it although no message, timer or request would.
bool instance_host::needs_a_visit() const noexcept {
  return alive() && (header_->open_reads > 0 || header_->events <= 1 ||
                     header_->status == static_cast<std::uint8_t>(instance_state::stalled));
}

void instance_host::send_call(transition& t, const event& e, bool read_only) {
  address to{address_kind::actor, e.name, e.key};
  reply_to reply{self_.key, header_->generation, e.number};
  if (read_only)
    t.send_unlogged(std::move(to), call_body{e.operation, e.value}, std::move(reply));
  else
    t.send(std::move(to), call_body{e.operation, e.value}, std::move(reply));
}

void instance_host::store_request(transition& t, std::uint64_t step, const open_step& open,
                                  time_point due) {
  t.put(keys::request(self_.key, header_->generation.term, header_->generation.position, step),
        records::encode(records::request{open.attempt, open.began, due, open.last, open.what}));
}

// The step has its answer, or nobody wants one: its records go.
void instance_host::close_step(transition& t, std::uint64_t step, end_of_step how) {
  const auto found = open_.find(step);
  if (found == open_.end()) return;
  const auto& open = found->second;
  const auto& g = header_->generation;
  engine_.letters.closed(t, self_.key, g, open.what);
  if (open.stored) t.erase(keys::request(self_.key, g.term, g.position, step));
  if (open.what.kind == event_kind::timer || open.backing_off) {
    if (open.what.kind == event_kind::timer)
      t.erase(keys::timer(open.what.due.time_since_epoch().count(), records::owner_of(self_),
                          g.term, g.position, step));
    if (how == end_of_step::withdrawn)
      engine_.timers.cancel(self_, open.what.due, {g.term, g.position, step});
  }
  if (open.what.kind == event_kind::activity && how == end_of_step::withdrawn)
    engine_.activities.cancel(self_.key, g, step);
  if (open.read_only) --header_->open_reads;
  open_.erase(found);
}

void instance_host::end(transition& t, const event& completed) {
  while (!open_.empty()) close_step(t, open_.begin()->first, end_of_step::withdrawn);
  deferred_.clear();
  engine_.letters.ended(t, self_);
  const bool terminated = completed.error && completed.error->why == cause::terminated;
  header_->status = static_cast<std::uint8_t>(terminated        ? instance_state::terminated
                                              : completed.error ? instance_state::failed
                                                                : instance_state::completed);
  header_->finding.clear();
  if (completed.error)
    header_->outcome.emplace(*completed.error);
  else
    header_->outcome.emplace(completed.value);
  t.leave([&e = engine_, id = self_.key](commit_outcome o) {
    if (o == commit_outcome::durable) e.ended(id);
  });
  finished_ = true;
}

void instance_host::weigh() {
  if (finished_) run_.reset();
  finished_ = false;
  set_footprint(2048 + (run_ ? 2048 + 2 * history_bytes_ : 0));
}

}  // namespace reprise::runtime
