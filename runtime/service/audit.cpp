#include "runtime/service/audit.hpp"

#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "actors/orchestration/child_id.hpp"
#include "actors/orchestration/open_steps.hpp"
#include "actors/orchestration/steps.hpp"
#include "persistence/keys.hpp"
#include "persistence/limits.hpp"
#include "runtime/commit/turn_services.hpp"
#include "runtime/message/records.hpp"
#include "runtime/query/instance_reader.hpp"
#include "runtime/reading/page_reader.hpp"

namespace reprise::runtime {

namespace keys = persistence::keys;
using persistence::load_answer;
using persistence::load_request;

namespace {

class audit : public std::enable_shared_from_this<audit> {
 public:
  explicit audit(turn_services& s) : services_(s) {
    std::tie(page_of_headers_.first, page_of_headers_.last) = keys::instances_range();
    page_of_headers_.max_entries = limits::replay_slice;
  }

  void next_page() {
    services_.reader.load(
        load_request(page_of_headers_), [self = shared_from_this()](load_answer a) {
          if (a.error) return self->go_on_later();
          for (const auto& [key, value] : a.entries) {
            const auto id = keys::read_instance(key);
            const auto header = records::decode_instance(value);
            if (id && header && !is_terminal(static_cast<instance_state>(header->status)))
              self->ids_.push_back(*id);
          }
          self->more_ = runtime::next_page(self->page_of_headers_, a);
          self->next();
        });
  }

 private:
  struct open_step {
    history_event what;
    std::optional<std::string> record;  // its timer or request
    std::uint32_t attempt = 1;
    std::uint32_t round = 0;
  };

  // The instance that cannot be read now may be the one that nothing wakes, so it is read again later.
  static constexpr duration pause = std::chrono::minutes(1);

  bool over() const { return !services_.admission.is_ready(); }

  void go_on_later() {
    if (over()) return;
    services_.timers.run_at(services_.now() + pause, [self = shared_from_this()] { self->next(); });
  }
  void look_later() {
    ids_.push_back(page_.id);
    go_on_later();
  }

  // Posted: loads that are answered at once would nest.
  void next() {
    services_.exec.post(upkeep_pool, [self = shared_from_this()] {
      if (self->over()) return;
      if (!self->ids_.empty()) return self->look();
      if (self->more_) self->next_page();
    });
  }

  void look() {
    page_.id = std::move(ids_.back());
    ids_.pop_back();
    load_status(services_, page_.id, with_history::yes,
                [self = shared_from_this()](result<instance_status> page) {
                  if (!page && page.error().why == cause::unavailable) return self->look_later();
                  if (!page || is_terminal(page->state)) return self->next();
                  self->page_ = std::move(*page);
                  self->open_.clear();
                  self->lost_.clear();
                  const auto& history = self->page_.history;
                  const auto* const rewound = internal::last_rewind(history);
                  for (const auto* step : internal::open_steps(history, self->page_.undone))
                    // Unlogged calls are sent again anyway.
                    if (step->kind != event_kind::wait && !step->unlogged)
                      self->open_.push_back({*step, {}, 1, internal::round_of(*step, rewound)});
                  self->look_for_records();
                });
  }

  persistence::owner self() const { return {2, "", page_.id}; }

  // The key of a timer, or of the request that any other step may have.
  std::string record_key(const history_event& step) const {
    const auto& g = page_.generation;
    return step.kind == event_kind::timer
               ? keys::timer(step.due.time_since_epoch().count(), self(), g.term, g.position,
                             step.number)
               : keys::request(page_.id, g.term, g.position, step.number);
  }

  // Reads timers and requests: their keys are known.
  void look_for_records() {
    if (open_.empty()) return next();
    load_request all;
    for (const auto& step : open_) all.keys.push_back(record_key(step.what));
    services_.reader.load(std::move(all), [self = shared_from_this()](load_answer a) {
      if (a.error) return self->look_later();
      if (!a.corrupt.empty()) return self->next();
      std::vector<open_step> sent;
      for (std::size_t i = 0; i < self->open_.size(); ++i) {
        auto& step = self->open_[i];
        step.record = a.values[i];
        const auto kind = step.what.kind;
        const auto request = step.record && kind != event_kind::timer
                                 ? records::decode_request(*step.record)
                                 : std::nullopt;
        if (request) step.attempt = request->attempt;
        const bool by_itself = kind == event_kind::timer || kind == event_kind::activity;
        if (by_itself && !step.record) self->lost_.push_back(step);
        if (!by_itself && !(request && request->due != time_point{}))
          sent.push_back(std::move(step));
      }
      self->open_ = std::move(sent);
      self->look_for_messages();
    });
  }

  // Looks for the last open step's message: first at its destination, then at the instance itself, so
  // that one on its way is not missed.
  void look_for_messages() {
    if (open_.empty()) return look_at_home();
    const auto& step = open_.back().what;
    const bool child = step.kind == event_kind::child;
    const auto id = child ? internal::child_id(step, page_.generation, open_.back().attempt) : "";
    const persistence::owner to =
        child ? persistence::owner{2, "", id} : persistence::owner{1, step.name, step.key};
    load_request there;
    std::tie(there.first, there.last) = keys::messages_of(to);
    there.max_entries = limits::max_messages_per_turn;
    there.max_bytes = limits::max_bytes_per_turn;
    if (child) there.keys.push_back(keys::instance(id));
    services_.reader.load(std::move(there), [self = shared_from_this()](load_answer a) {
      const reply_to mine{self->page_.id, self->page_.generation, self->open_.back().what.number};
      bool stands = a.error || !a.corrupt.empty() || a.more;  // unknown counts as present
      for (const auto& [key, value] : a.entries)
        if (const auto m = records::decode_message(value); m && m->reply == mine) stands = true;
      if (!a.values.empty() && a.values.front())
        if (const auto header = records::decode_instance(*a.values.front()))
          stands |=
              header->parent == mine && !is_terminal(static_cast<instance_state>(header->status));
      if (!stands) self->lost_.push_back(self->open_.back());
      self->open_.pop_back();
      self->look_for_messages();
    });
  }

  // Looks for answers on their way, and checks that the instance has not changed meanwhile.
  void look_at_home() {
    if (lost_.empty()) return next();
    load_request home;
    home.keys = {keys::instance(page_.id)};
    for (const auto& step : lost_) home.keys.push_back(record_key(step.what));
    std::tie(home.first, home.last) = keys::messages_of(self());
    home.max_entries = limits::max_messages_per_turn;
    home.max_bytes = limits::max_bytes_per_turn;
    services_.reader.load(std::move(home), [self = shared_from_this()](load_answer a) {
      if (a.error) return self->look_later();
      const auto header = !a.values.empty() && a.values.front()
                              ? records::decode_instance(*a.values.front())
                              : std::nullopt;
      const bool same = header && header->generation == self->page_.generation &&
                        header->events == self->page_.history.size();
      if (a.more || !same) return self->next();
      std::vector<open_step> lost;  // a retry changes only the request, not the header
      for (std::size_t i = 0; i < self->lost_.size(); ++i)
        if (a.values[i + 1] == self->lost_[i].record) lost.push_back(std::move(self->lost_[i]));
      for (const auto& [key, value] : a.entries)
        if (const auto m = records::decode_message(value))
          if (const auto* answer = std::get_if<answer_body>(&m->body))
            std::erase_if(lost, [&](const open_step& s) {
              return s.what.number == answer->step && s.round == answer->round;
            });
      for (const auto& lone : lost) self->mend(lone);
      self->next();
    });
  }

  void mend(const open_step& lone) {
    const auto& step = lone.what;
    std::string done;
    const auto& g = page_.generation;
    if (step.kind == event_kind::activity) {
      services_.activities.start(
          page_.id, g, step.number,
          records::request{.began = step.at, .what = step, .round = lone.round});
      done = "it is started again";
    } else {
      auto m = std::make_unique<message>();
      m->id = services_.ids.next();
      m->to = {address_kind::instance, "", page_.id};
      m->lane = lane::answers;
      if (step.kind == event_kind::timer) {
        m->body = fired_body{g, step.number};
        m->timer_due = step.due;
        services_.timers.set_unrecorded(std::move(m));
        done = "it is set again";
      } else {
        m->body = answer_body{
            g,
            step.number,
            failure{cause::unknown_outcome,
                    describe(step) + " was lost: whether it was done is not known", false},
            lone.attempt,
            {},
            lone.round};
        services_.router.deliver(std::move(m));
        done = "it is answered with unknown_outcome";
      }
    }
    services_.observer.say(log_level::error,
                           "audit: instance " + page_.id + " waits for " + describe(step) +
                               ", and nothing would ever answer it: " + done,
                           page_.id);
  }

  turn_services& services_;
  load_request page_of_headers_;  // the next page
  bool more_ = true;
  std::vector<std::string> ids_;
  instance_status page_;
  std::vector<open_step> open_, lost_;
};

}  // namespace

void begin_audit(turn_services& s) { std::make_shared<audit>(s)->next_page(); }

}  // namespace reprise::runtime
