#include "gateway/v1/instance_events.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>
#include <string>

#include "gateway/api/change_hub.hpp"
#include "gateway/json/text.hpp"
#include "gateway/v1/event_wait.hpp"
#include "gateway/v1/instance_object.hpp"
#include "gateway/wire/entity_tag.hpp"
#include "gateway/wire/problem.hpp"

namespace reprise::gateway {

namespace {

using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;

// Between two events: changes in this time are merged.
constexpr std::chrono::milliseconds rest_after = 100ms;
// Between two polls. Progress of activities is not a change of the instance: it is polled while some run.
constexpr std::chrono::milliseconds shortest_pause = 100ms, longest_pause = 1s;

// Returns the event id of a status: equal if there is nothing new to send. It contains the time of the
// last change, so a status that recurs gets another id, and the progress of the activities, which does
// not change that time.
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
    e_->on.instances().status(id(), with_history::no, std::move(then));
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

  // Waits for something new. Subscribes first and looks then, so that no change since the last look is
  // missed. If the timeout came before `waiting` was set, it could not forget the waiting function.
  void wait(const reply& next) {
    const auto now = std::make_shared<event_wait>();
    const auto self = shared_from_this();
    next.call_after(some_run_ ? pause_ : longest_silence, [self, now, next] {
      if (now->taken.exchange(true)) return;
      self->e_->changes.forget_change(self->id(), now->waiting);
      self->look_and_tell(next);
    });
    now->waiting = e_->changes.when_changed(id(), [self, now, next] {
      if (now->taken.exchange(true)) return;
      // Continue on the I/O thread: this thread of the node releases answers, which must not wait.
      next.call_after(0ms, [self, next] { self->look_and_tell(next); });
    });
    if (now->taken) return e_->changes.forget_change(id(), now->waiting);
    look([self, now, next, told = told_](result<instance_status> found) {
      if ((found && id_of(*found) == told) || now->taken.exchange(true)) return;
      self->e_->changes.forget_change(self->id(), now->waiting);
      next(self->piece(std::move(found)));
    });
  }

  // Returns the next piece of the stream; the last one if the instance has ended or is gone. If its
  // status is unavailable, the stream ends as if the connection had broken, and the client reconnects.
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
    // A line end would end the SSE field. In JSON it occurs between values only, where it means nothing.
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
  bool some_run_ = false;  // some activities run
  std::chrono::milliseconds pause_ = shortest_pause;
  clock::time_point looked_ = clock::now();
  clock::time_point last_ = clock::now();  // when something was sent
};

}  // namespace

void stream_instance(const shared_request& e) { std::make_shared<instance_stream>(e)->begin(); }

}  // namespace reprise::gateway
