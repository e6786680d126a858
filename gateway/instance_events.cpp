#include "gateway/internal/instance_events.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>

#include "gateway/internal/entity_tag.hpp"
#include "gateway/internal/instance_object.hpp"
#include "gateway/internal/problem.hpp"

namespace reprise::gateway {

namespace {

using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds shortest_pause = 100ms;
constexpr std::chrono::milliseconds longest_pause = 1s;  // an instance at which nothing happens
constexpr std::chrono::seconds longest_silence = 15s;  // proxies close what is silent for a minute

// Equal as long as there is nothing to tell.
std::string id_of(const instance_status& one) {
  std::string told;
  const auto add = [&](std::string_view part) { told.append(part).push_back('\n'); };
  add(word_of(one.state));
  add(std::to_string(one.generation.term) + '.' + std::to_string(one.generation.position));
  add(one.custom_status);
  add(one.finding);
  for (const auto& activity : one.activities) {
    add(std::to_string(activity.step) + '.' + std::to_string(activity.attempt));
    add(activity.progress);
  }
  const auto tag = tag_of(told);
  return tag.substr(1, tag.size() - 2);
}

class instance_stream : public std::enable_shared_from_this<instance_stream> {
 public:
  explicit instance_stream(shared_exchange e)
      : e_(std::move(e)), told_(e_->request.last_event_id) {}

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
  void look(std::function<void(result<instance_status>)> then) const {
    e_->on.status(e_->where.segments[2], with_history::no, std::move(then));
  }

  void more(const reply& next) {
    next.call_after(pause_, [self = shared_from_this(), next] {
      self->look(
          [self, next](result<instance_status> found) { next(self->piece(std::move(found))); });
    });
  }

  // What there is to tell now; the last of it when the instance has ended, or is gone.
  outgoing piece(result<instance_status> found) {
    outgoing out;
    if (!found) {
      out.body = "event: gone\ndata: null\n\n";
      return out;
    }
    if (auto id = id_of(*found); id != told_) {
      told_ = std::move(id);
      tell(out.body, *found);
    } else {
      pause_ = std::min(pause_ * 2, longest_pause);
      if (clock::now() - last_ >= longest_silence) say(out.body, ":\n\n");
    }
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

  const shared_exchange e_;
  std::string told_;  // id of the last event
  std::chrono::milliseconds pause_ = shortest_pause;
  clock::time_point last_ = clock::now();  // when something was sent
};

}  // namespace

void stream_instance(const shared_exchange& e) { std::make_shared<instance_stream>(e)->begin(); }

}  // namespace reprise::gateway
