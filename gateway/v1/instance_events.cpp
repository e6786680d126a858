#include "gateway/v1/instance_events.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>
#include <string>

#include "gateway/api/change_hub.hpp"
#include "gateway/json/text.hpp"
#include "gateway/v1/instance_object.hpp"
#include "gateway/wire/entity_tag.hpp"
#include "gateway/wire/problem.hpp"

namespace reprise::gateway {

namespace {

using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds rest_after =
    100ms;  // a look: what comes in it is told together
// What activities report is no change of the instance: while some run it is looked for.
constexpr std::chrono::milliseconds shortest_pause = 100ms, longest_pause = 1s;
constexpr std::chrono::milliseconds longest_silence = 15s;  // proxies close what is silent a minute

// Wakes by a change of the instance, by a look that finds one, or by its time, whichever is first.
struct turn {
  std::atomic<bool> taken{false};
  std::atomic<std::uint64_t> waiting{0};
};

// Equal as long as there is nothing to tell. The time of the last change counts up, so that a state which
// comes back has another id; what activities report is no change, and is told apart by what it says.
std::string id_of(const instance_status& one) {
  std::string told;
  const auto add = [&](std::string_view part) { told.append(part).push_back('\n'); };
  add(word_of(one.state));
  add(std::to_string(one.generation.term) + '.' + std::to_string(one.generation.position));
  add(one.custom_status);
  add(one.finding);
  for (const auto& activity : one.activities) {
    add(std::to_string(activity.step) + '.' + std::to_string(activity.attempt) +
        (activity.due ? "d" : ""));
    add(activity.progress);
  }
  std::string id;
  append_hex(id, static_cast<std::uint64_t>(one.updated.time_since_epoch().count()));
  return id.append(tag_of(told), 1, 16);
}

class instance_stream : public std::enable_shared_from_this<instance_stream> {
 public:
  explicit instance_stream(shared_request e) : e_(std::move(e)), told_(e_->request.last_event_id) {}

  void begin() {
    look([self = shared_from_this()](result<instance_status> found) {
      const auto& answer = self->e_->answer;
      if (!found) return answer(problem(found.error()));
      if (is_terminal(found->state) && id_of(*found) == self->told_)
        return answer({204, "", "", {}});
      auto first = self->piece(std::move(found));
      first.content_type = "text/event-stream";
      first.body.insert(0, "retry: 2000\n\n");
      answer(std::move(first));
    });
  }

 private:
  const std::string& id() const { return e_->where.segments[2]; }

  void look(std::function<void(result<instance_status>)> then) const {
    e_->on.status(id(), with_history::no, std::move(then));
  }

  void more(const reply& next) {
    const auto over = looked_ + rest_after, now = clock::now();
    if (now >= over) return wait(next);
    next.call_after(std::chrono::ceil<std::chrono::milliseconds>(over - now),
                    [self = shared_from_this(), next] { self->wait(next); });
  }

  void look_and_tell(const reply& next) {
    look([self = shared_from_this(), next](result<instance_status> found) {
      next(self->piece(std::move(found)));
    });
  }

  // First listens, then looks: what happened since the last look is not missed. Who took the turn before
  // the hub's number was known has forgotten nobody there.
  void wait(const reply& next) {
    const auto now = std::make_shared<turn>();
    const auto self = shared_from_this();
    next.call_after(some_run_ ? pause_ : longest_silence, [self, now, next] {
      if (now->taken.exchange(true)) return;
      self->e_->changes.forget_change(self->id(), now->waiting);
      self->look_and_tell(next);
    });
    now->waiting = e_->changes.when_changed(id(), [self, now, next] {
      if (now->taken.exchange(true)) return;
      // Not here: on this thread the node opens gates, and everybody waits for it.
      next.call_after(0ms, [self, next] { self->look_and_tell(next); });
    });
    if (now->taken) return e_->changes.forget_change(id(), now->waiting);
    look([self, now, next, told = told_](result<instance_status> found) {
      if ((found && id_of(*found) == told) || now->taken.exchange(true)) return;
      self->e_->changes.forget_change(self->id(), now->waiting);
      next(self->piece(std::move(found)));
    });
  }

  // What there is to tell now; the last of it when the instance has ended, or is gone. Where that cannot be
  // known the stream ends as a broken connection does, and its client comes back.
  http_response piece(result<instance_status> found) {
    http_response out;
    looked_ = clock::now();
    if (!found) {
      const bool gone = found.error().why == cause::not_found;
      out.body = gone ? "event: gone\ndata: null\n\n" : ": come back, the node did not answer\n\n";
      return out;
    }
    if (auto id = id_of(*found); id != told_) {
      told_ = std::move(id);
      tell(out.body, *found);
    } else {
      pause_ = std::min(pause_ * 2, longest_pause);
      if (clock::now() - last_ >= longest_silence) say(out.body, ":\n\n");
    }
    some_run_ = std::any_of(found->activities.begin(), found->activities.end(),
                            [](const activity_status& one) { return !one.due; });
    if (!is_terminal(found->state))
      out.more = [self = shared_from_this()](const reply& next) { self->more(next); };
    return out;
  }

  void tell(std::string& out, const instance_status& one) {
    std::string json;
    append_instance(json, e_->on.bound(), one, with_input::no);
    // Line ends stand between values only, where they mean nothing: in a string they are escaped.
    for (auto& c : json)
      if (c == '\n' || c == '\r') c = ' ';
    say(out, "id: " + told_ + "\nevent: instance\ndata: " + json + "\n\n");
    pause_ = shortest_pause;
  }

  void say(std::string& out, const std::string& text) {
    out += text;
    last_ = clock::now();
  }

  const shared_request e_;
  std::string told_;       // id of the last event
  bool some_run_ = false;  // of its activities
  std::chrono::milliseconds pause_ = shortest_pause;
  clock::time_point looked_ = clock::now();
  clock::time_point last_ = clock::now();  // when something was sent
};

}  // namespace

void stream_instance(const shared_request& e) { std::make_shared<instance_stream>(e)->begin(); }

}  // namespace reprise::gateway
