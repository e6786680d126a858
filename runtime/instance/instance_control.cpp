// Control of an instance from outside or by its parent: terminate, suspend, resume, restart, purge.
// Each ends in one transition that consumes the message, whatever the outcome.

#include <algorithm>
#include <utility>

#include "actors/orchestration/child_id.hpp"
#include "persistence/keys.hpp"
#include "persistence/limits.hpp"
#include "runtime/commit/transition.hpp"
#include "runtime/commit/turn_services.hpp"
#include "runtime/instance/instance_failures.hpp"
#include "runtime/instance/instance_host.hpp"
#include "runtime/reading/page_reader.hpp"

namespace reprise::runtime {

namespace keys = persistence::keys;

// A parent's message names the step that started this child: another instance may have the id by now.
void instance_host::terminate(message_ptr m, const terminate_body& b) {
  const auto parent = std::exchange(m->reply, {});  // the parent wants no answer
  if (!header_) return drop(*m, not_found(self_.key));
  if (!alive()) return drop(*m, gone(self_.key));
  if (parent && parent != header_->parent) return drop(*m, payload{});
  if (parent) header_->parent.reset();
  const auto reason = b.reason;
  with_children_ = b.recursive;
  if (with_children_) end_children(reason);
  end_as_terminated(std::move(m), reason);
}

// Sends the children's terminations before the final transition if they do not fit into it. After a
// crash in between, the message is still there and all of this runs again.
void instance_host::end_children(const std::string& reason) {
  auto all = seldom_ ? seldom_->left_children : std::vector<left_child>();
  for (const auto& [step, open] : open_)
    if (open.what.kind() == event_kind::child) add_attempts(open.what.call(), all);
  if (all.size() * (reason.size() + 1'024) <= limits::max_bytes_per_turn / 2) return;
  with_children_ = false;
  for (std::size_t i = 0; i < all.size();) {
    transition sends(services_, self_, services_.now());
    if (!begin(sends)) return;
    for (; i < all.size() && sends.bytes() < limits::max_bytes_per_turn / 2; ++i)
      sends.send({address_kind::instance, "", all[i].id}, terminate_body{reason, true},
                 reply_to{self_.key, header_->generation, all[i].step});
    sends.commit();
  }
}

void instance_host::end_as_terminated(message_ptr m, const std::string& reason) {
  history_event e;
  e.kind = event_kind::completed;
  e.number = next_number_;
  e.at = services_.now();
  e.error = failure{cause::terminated, reason, false};
  run_.reset();
  commit_turn(std::move(m), {std::move(e)});
  with_children_ = false;
}

// From here on inputs are deferred, and no code runs.
void instance_host::suspend(message_ptr m, const suspend_body& b) {
  if (!header_) return drop(*m, not_found(self_.key));
  if (!alive()) return drop(*m, gone(self_.key));
  if (is(instance_state::suspended)) return drop(*m, payload{});
  auto e = control_event(event_kind::suspended, b.reason);
  e.number = next_number_;
  e.at = services_.now();
  if (run_) run_->feed(e);
  header_->status = static_cast<std::uint8_t>(instance_state::suspended);
  header_->finding.clear();
  commit_turn(std::move(m), {std::move(e)});
}

// True if its due time has come and the code was fed its start.
bool instance_host::begun() const noexcept {
  return header_->due == time_point{} &&
         std::none_of(deferred_.begin(), deferred_.end(),
                      [](const history_event& e) { return e.kind == event_kind::started; });
}

// For a stalled instance: tries its code again.
void instance_host::resume(message_ptr m, const resume_body& b) {
  if (!header_) return drop(*m, not_found(self_.key));
  if (!alive()) return drop(*m, gone(self_.key));
  if (is(instance_state::stalled)) {
    drop(*m, payload{});
    return read_again();
  }
  if (!is(instance_state::suspended)) return drop(*m, payload{});
  auto e = control_event(event_kind::resumed, b.reason);
  e.number = next_number_;
  e.at = services_.now();
  if (run_) run_->feed(e);
  header_->status =
      static_cast<std::uint8_t>(begun() ? instance_state::running : instance_state::pending);
  commit_turn(std::move(m), {std::move(e)});
  if (over_limit()) return;
  if (!run_) return read_again();
  run_first();
  feed_deferred();
  resend_reads();
}

void instance_host::with_whole_history(message_ptr m, history_use use) {
  read_page(
      std::move(m), std::make_shared<std::vector<history_event>>(),
      keys::history_range(self_.key, header_->generation.term, header_->generation.position).first,
      std::move(use));
}

void instance_host::read_page(message_ptr m, std::shared_ptr<std::vector<history_event>> history,
                              std::string first, history_use use) {
  persistence::load_request page;
  page.first = std::move(first);
  page.last =
      keys::history_range(self_.key, header_->generation.term, header_->generation.position).second;
  page.max_entries = limits::replay_slice;
  load(
      std::move(page), while_loading::blocking,
      [this, m = std::move(m), history, use = std::move(use)](persistence::load_answer a) mutable {
        if (a.error && a.error->code != persistence::errc::corrupt)
          return rest(*a.error, std::move(m));
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

// Runs on the host of the new id: only it knows whether an instance of that id is running, and the
// idempotency key recorded here outlives the old instance. Header and first event are read from one
// view, since the old instance may continue as new.
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
        if (a.error && a.error->code != persistence::errc::corrupt)
          return rest(*a.error, std::move(m));
        if (a.error || !a.corrupt.empty()) return damage();
        if (!a.values.front()) return drop(*m, not_found(from));
        const auto header = records::decode_instance(*a.values.front());
        std::vector<history_event> events;
        if (!header || a.entries.empty() ||
            !records::decode_events(a.entries.front().second, 0, events) || events.empty())
          return damage();
        // The same version: a plain "checkout" would mean the newest.
        const orchestration_name name(header->orchestration);
        auto version = name.base == header->orchestration ? header->orchestration + ".1"
                                                          : header->orchestration;
        if (!services_.app.newest_orchestration(version)) return drop(*m, unbound(version));
        m->body = start_body{std::move(version), std::move(events.front().value)};
        start(*m, std::get<start_body>(m->body), "restart");
      },
      horizon());
}

void instance_host::purge(message_ptr m) {
  const auto parent = std::exchange(m->reply, {});  // the parent wants no answer
  if (!header_) return drop(*m, not_found(self_.key));
  if (parent && parent != header_->parent) return drop(*m, payload{});
  const auto& only = std::get<purge_body>(m->body).only;
  if (only && *only != header_->generation) return drop(*m, gone(self_.key));
  if (alive())
    return drop(*m,
                failure{cause::exists,
                        "instance \"" + self_.key + "\" has not ended: terminate it first", false});
  if (!std::get<purge_body>(m->body).recursive) return purged(*m, {});
  with_whole_history(std::move(m), [this](message_ptr asked, std::vector<history_event> history) {
    purged(*asked, history);
  });
}

// The instance that the sweep saw may have been restarted or purged since: then only the index entry is
// erased.
void instance_host::retire(message& m, const retire_body& b) {
  if (header_ && header_->status == b.state && header_->updated == b.ended) return purged(m, {});
  transition t(services_, self_, services_.now());
  if (!begin(t)) return;
  t.erase(keys::ended(b.state, b.ended.time_since_epoch().count(), self_.key));
  t.answer(m, payload{});
  t.commit();
}

void instance_host::add_attempts(const history_event& child, std::vector<left_child>& to) const {
  const auto attempts = child.key.empty() ? std::clamp(child.policy.attempts, 1u, 100u) : 1u;
  for (auto attempt = 1u; attempt <= attempts; ++attempt)
    to.push_back({child.number, internal::child_id(child, header_->generation, attempt)});
}

// Purges the children first, a bounded number per transition. After a crash in between, the message is
// still there and all of this runs again.
void instance_host::purged(message& m, const std::vector<history_event>& history) {
  constexpr std::size_t at_once = 10'000;
  std::vector<left_child> below;
  for (const auto& e : history)
    if (e.kind == event_kind::child) add_attempts(e, below);
  for (std::size_t i = 0; i < below.size();) {
    transition sends(services_, self_, services_.now());
    if (!begin(sends)) return;
    for (std::size_t sent = 0; sent < at_once && i < below.size(); ++sent, ++i)
      sends.send({address_kind::instance, "", below[i].id}, purge_body{true, {}},
                 reply_to{self_.key, header_->generation, below[i].step});
    sends.commit();
  }
  transition t(services_, self_, services_.now());
  if (!begin(t)) return;
  t.consume(m);
  t.erase(keys::instance(self_.key));
  t.erase(end_entry());
  t.erase_range(keys::history_of(self_.key));
  if (m.once) write_dedup(t, self_, once_scope(m), *m.once, payload{});
  t.leave([&s = services_, self = self_](commit_outcome) { s.router.release(self); });
  t.answer(m, payload{});
  t.commit();
  header_.reset();
  if (seldom_) seldom_->left_children.clear();
  next_number_ = 0;
  history_bytes_ = 0;
  update_footprint();
}

}  // namespace reprise::runtime
