#include "actors/orchestration/open_steps.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <string>

namespace reprise::internal {
namespace {

class reader {
 public:
  explicit reader(const std::vector<history_event>& history) : history_(history) {}

  void read(const history_event& e) {
    switch (e.kind) {
      case event_kind::operation:
      case event_kind::activity:
      case event_kind::child:
      case event_kind::timer:
      case event_kind::lock:
        open_.emplace(e.number, &e);
        break;
      case event_kind::wait:
        wait(e);
        break;
      case event_kind::raised:
        raise(e.name);
        break;
      case event_kind::answered:
        open_.erase(e.target);
        break;
      case event_kind::withdrawn:
        withdraw(e.target);
        break;
      case event_kind::completed:
      case event_kind::continued:
        open_.clear();
        break;
      default:
        break;
    }
  }

  std::vector<const history_event*> open() const {
    std::vector<const history_event*> steps;
    for (const auto& [number, step] : open_) steps.push_back(step);
    return steps;
  }

 private:
  struct channel {
    std::deque<std::uint64_t> waits;
    std::size_t buffered = 0;
  };

  void wait(const history_event& e) {
    auto& events = channels_[e.name];
    if (events.buffered > 0) {
      --events.buffered;
      return;
    }
    open_.emplace(e.number, &e);
    events.waits.push_back(e.number);
  }

  void raise(const std::string& name) {
    auto& events = channels_[name];
    if (events.waits.empty()) {
      ++events.buffered;
      return;
    }
    open_.erase(events.waits.front());
    events.waits.pop_front();
  }

  // A withdrawn wait that had its event gives the event back.
  void withdraw(std::uint64_t target) {
    const bool was_open = open_.erase(target) != 0;
    const auto& asked = history_[target];
    if (asked.kind != event_kind::wait) return;
    if (was_open)
      std::erase(channels_[asked.name].waits, target);
    else
      raise(asked.name);
  }

  const std::vector<history_event>& history_;
  std::map<std::uint64_t, const history_event*> open_;
  std::map<std::string, channel> channels_;
};

}  // namespace

std::vector<const history_event*> open_steps(const std::vector<history_event>& history,
                                             const std::vector<std::uint64_t>& undone) {
  reader waiting(history);
  for (const auto& e : history) {
    const bool back = std::binary_search(undone.begin(), undone.end(), e.number);
    const bool failed = e.kind == event_kind::answered && e.error;
    if (!back || (is_input(e.kind) && !failed)) waiting.read(e);
  }
  return waiting.open();
}

const history_event* last_rewind(const std::vector<history_event>& history) {
  const auto last = std::find_if(history.rbegin(), history.rend(), [](const history_event& e) {
    return e.kind == event_kind::rewound;
  });
  return last == history.rend() ? nullptr : &*last;
}

std::uint32_t round_of(const history_event& step, const history_event* last) noexcept {
  const bool asked_anew = last != nullptr && last->number > step.number;
  return asked_anew ? static_cast<std::uint32_t>(last->target) : 0;
}

}  // namespace reprise::internal
