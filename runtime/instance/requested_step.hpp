// What a waiting step has requested. A timer is stored as its times only, as very many instances wait
// for one.

#pragma once

#include <cstdint>
#include <memory>

#include "actors/history.hpp"

namespace reprise::runtime {

class requested_step {
 public:
  requested_step& operator=(const history_event& step) {
    kind_ = step.kind;
    at_ = step.at;
    due_ = step.due;
    call_ = is_timer() ? nullptr : std::make_unique<const history_event>(step);
    return *this;
  }

  event_kind kind() const noexcept { return kind_; }
  bool is_timer() const noexcept { return kind_ == event_kind::timer; }
  time_point at() const noexcept { return at_; }
  time_point due() const noexcept { return due_; }  // timers only
  // For any other kind; empty before it is known.
  const history_event& call() const noexcept {
    static const history_event unknown;
    return call_ ? *call_ : unknown;
  }

 private:
  event_kind kind_{};
  time_point at_{}, due_{};
  std::unique_ptr<const history_event> call_;
};

}  // namespace reprise::runtime
