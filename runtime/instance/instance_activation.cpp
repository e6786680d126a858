// Activation: reads header, open requests and history, and replays the history.

#include <algorithm>
#include <utility>

#include "persistence/keys.hpp"
#include "persistence/limits.hpp"
#include "runtime/commit/transition.hpp"
#include "runtime/commit/turn_services.hpp"
#include "runtime/instance/instance_host.hpp"
#include "runtime/instance_types.hpp"
#include "runtime/reading/page_reader.hpp"

namespace reprise::runtime {

namespace keys = persistence::keys;

void instance_host::damaged(const std::string& what) {
  run_.reset();
  quarantine(what + " of instance " + self_.key + " is damaged; run store check");
}

void instance_host::unread(const std::string& what, const persistence::fault& why) {
  if (why.code == persistence::errc::corrupt) return damaged(what + " (" + why.text + ")");
  forget_read();
  deactivated();
  want();  // it may have work of its own, without a message
  rest(why);
}

void instance_host::activate() {
  persistence::load_request request;
  request.keys = {keys::instance(self_.key)};
  load(
      std::move(request), while_loading::blocking,
      [this](persistence::load_answer a) { header_loaded(std::move(a)); }, horizon());
}

void instance_host::read_again() {
  forget_read();
  activate();
}

void instance_host::forget_read() {
  run_.reset();
  open_.clear();
  if (seldom_) {
    seldom_->left_children.clear();
    seldom_->failed_later.clear();
  }
  section_ = {};
  deferred_.clear();
  header_.reset();
  finished_ = false;
  next_number_ = 0;
  history_bytes_ = 0;
}

// Only called for an unfinished instance; most instances are activated by their start.
void instance_host::load_requests(std::string first) {
  persistence::load_request request;
  request.keys = {keys::resend(self_.key)};
  request.first = std::move(first);
  request.last = keys::requests_of(self_.key).second;
  request.max_bytes = limits::max_bytes_per_turn;
  load(std::move(request), while_loading::blocking,
       [this](persistence::load_answer a) { requests_loaded(std::move(a)); });
}

void instance_host::header_loaded(persistence::load_answer a) {
  if (a.error) return unread("the header", *a.error);
  if (!a.corrupt.empty()) return damaged("the header");
  if (!a.values.front()) return activated();
  header_ = records::decode_instance(*a.values.front());
  if (!header_) return damaged("the header");
  if (!alive()) return activated();
  load_requests(keys::requests_of(self_.key).first);
}

void instance_host::requests_loaded(persistence::load_answer a) {
  if (a.error) return unread("a request", *a.error);
  if (!a.corrupt.empty()) return damaged("a request");
  listed_ = a.values.front().has_value();
  for (const auto& [key, value] : a.entries) {
    const auto where = keys::read_request(key);
    const auto request = records::decode_request(value);
    if (!where || !request) return damaged("a request");
    auto& open = open_[where->step];  // its event comes with the history
    open.attempt = request->attempt;
    open.began = request->began;
    open.last = request->last;
    open.queued = request->queued == time_point{} ? request->began : request->queued;
    open.attempts = request->attempts;
    open.stored = true;
    open.backing_off = request->last && request->due != time_point{};
    open.retry_at = request->due;
    open.deadline = request->deadline;
  }
  if (a.more) return load_requests(after(a));
  const auto* code = services_.app.find_orchestration(header_->orchestration);
  if (code && !services_.letters.refusal(self_))
    run_.emplace(*code, self_.key, header_->generation);
  if (run_) run_->undo(header_->undone);
  load_history(
      keys::history_range(self_.key, header_->generation.term, header_->generation.position).first);
}

void instance_host::load_history(std::string first) {
  persistence::load_request page;
  page.first = std::move(first);
  page.last =
      keys::history_range(self_.key, header_->generation.term, header_->generation.position).second;
  page.max_entries = limits::replay_slice;
  page.max_bytes = limits::replay_slice_bytes;
  load(
      std::move(page), while_loading::blocking,
      [this](persistence::load_answer a) { history_loaded(std::move(a)); }, horizon());
}

void instance_host::history_loaded(persistence::load_answer a) {
  if (a.error) return unread("the history", *a.error);
  if (!a.corrupt.empty()) return damaged("the history");
  for (const auto& [key, value] : a.entries) {
    const auto where = keys::read_event(key);
    std::vector<history_event> events;
    if (!where || where->number != next_number_ ||
        !records::decode_events(value, where->number, events))
      return damaged("the history");
    history_bytes_ += value.size();
    for (const auto& e : events) replay(e);
  }
  if (a.more) return load_history(after(a));
  history_ended();
}

void instance_host::replay(const history_event& e) {
  next_number_ = e.number + 1;
  const bool undone = std::binary_search(header_->undone.begin(), header_->undone.end(), e.number);
  const bool failed = e.kind == event_kind::answered && e.error;
  if (e.kind == event_kind::fed) {
    const auto earlier = std::find_if(deferred_.begin(), deferred_.end(),
                                      [&](const history_event& d) { return d.number == e.target; });
    auto open_again =
        undone && seldom_ ? seldom_->failed_later.extract(e.target) : open_steps::node_type();
    if (earlier != deferred_.end()) {  // otherwise it was fed already, and the replay diverges
      if (open_again) open_.insert_or_assign(earlier->target, std::move(open_again.mapped()));
      if (!undone || open_again) deferred_.erase(earlier);
    }
  } else if (e.deferred || (undone && is_input(e.kind) && !failed)) {
    deferred_.push_back(e);
  }
  if (e.deferred && failed)
    if (auto open = open_.extract(e.target))
      seldom().failed_later.insert_or_assign(e.number, std::move(open.mapped()));
  if (!undone || (e.kind == event_kind::answered && !failed)) follow(e);
  if (run_) run_->replay(e);
}

// Updates open_ and the section from the history alone, whether or not code runs.
void instance_host::follow(const history_event& e) {
  section_.follow(e);
  switch (e.kind) {
    case event_kind::started:
      began_ = e.at;
      set_trace(read_stored_trace(e.key).value_or(trace_context{}));
      break;
    case event_kind::operation:
    case event_kind::activity:
    case event_kind::child:
    case event_kind::lock:
    case event_kind::timer: {
      auto& open = open_[e.number];
      open.what = e;
      if (!open.stored) open.began = open.queued = e.at;
      open.read_only = e.unlogged;
      break;
    }
    case event_kind::answered:
      open_.erase(e.target);
      break;
    case event_kind::withdrawn:
      if (const auto open = open_.find(e.target); open != open_.end()) {
        if (open->second.what.kind() == event_kind::child)
          add_attempts(open->second.what.call(), seldom().left_children);
        open_.erase(open);
      }
      break;
    case event_kind::rewound:  // all steps open at that point were requested again
      // Entries of later steps exist already, as their requests were read first.
      for (auto& [step, open] : open_) {
        if (step > e.number) break;
        open.round = static_cast<std::uint32_t>(e.target);
      }
      break;
    default:
      break;
  }
}

void instance_host::history_ended() {
  if (next_number_ != header_->events) return damaged("the history (events are missing)");
  if (seldom_) seldom_->failed_later.clear();
  activated();
  update_footprint();
  if (over_limit()) return end_over_limit();
  if (is(instance_state::suspended) || header_->due != time_point{}) {
    if (run_) run_->replayed();
    if (run_ && run_->diverged()) run_.reset();  // reported when it is resumed
    return;
  }
  if (const auto poisoned = services_.letters.refusal(self_)) return stall(poisoned->text);
  if (!run_)
    return stall("no orchestration \"" + header_->orchestration + "\" is bound in this program");
  run_->replayed();
  if (const auto& d = run_->diverged())
    return stall("event " + std::to_string(d->number) + ": the history says " + d->recorded +
                 ", the code does " + d->taken);
  if (header_->status == static_cast<std::uint8_t>(instance_state::stalled)) {
    header_->finding.clear();  // run_first writes it
    services_.observer.say(log_level::info,
                           "instance " + self_.key + " goes on: the code fits its history",
                           self_.key);
  }
  run_first();
  feed_deferred();
  resend_reads();
}

// Sends open read-only calls again, as they have no records: until an answer is recorded.
void instance_host::resend_reads() {
  for (const auto& [step, open] : open_) {
    if (!open.read_only || open.backing_off) continue;
    auto m = std::make_unique<message>();
    m->id = services_.ids.next();
    const auto& call = open.what.call();
    m->to = {address_kind::actor, call.name, call.key};
    m->sender = self_;
    m->horizon = horizon();
    m->reply = waiting(step, open.attempt);
    m->body = call_body{call.operation, call.value};
    m->trace = run_trace();
    if (section_.contains(m->to)) m->lane = lane::answers;
    services_.router.send(std::move(m), epoch_);
  }
}

void instance_host::stall(std::string finding) {
  run_.reset();
  if (header_->status == static_cast<std::uint8_t>(instance_state::stalled) &&
      header_->finding == finding)
    return;
  services_.observer.say(log_level::warning, "instance " + self_.key + " is stalled: " + finding,
                         self_.key);
  header_->status = static_cast<std::uint8_t>(instance_state::stalled);
  header_->finding = std::move(finding);
  commit_turn({}, {});
}

}  // namespace reprise::runtime
