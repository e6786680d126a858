// Start a call now and await it later.
//
//   auto p = co_await reprise::begin(shop::charge(bill));  // pending<Receipt>
//   ...
//   auto receipt = co_await p;                             // once
//   auto i = co_await reprise::next(pendings);             // index of the first one settled
//
// A pending that is destroyed before it is awaited is cancelled, which is a recorded step;
// `cancel()` does so explicitly. `next` skips pendings that were awaited and withdraws nothing.

#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "actors/all.hpp"
#include "actors/orchestration/arm.hpp"

namespace reprise {

// A call that was started and not yet awaited. Move-only; await it once, with `co_await`, or as an
// arm of `all` or `race`.
template <payload_value R>
class [[nodiscard("a pending that is dropped is cancelled")]] pending {
 public:
  using answer = R;

  pending(std::weak_ptr<internal::steps*> run, internal::ticket asked)
      : run_(std::move(run)), asked_(asked) {}
  pending(pending && other) noexcept
      : run_(std::move(other.run_)), asked_(std::exchange(other.asked_, internal::no_ticket)) {}
  pending& operator=(pending&& other) noexcept {
    if (this != &other) {
      cancel();
      run_ = std::move(other.run_);
      asked_ = std::exchange(other.asked_, internal::no_ticket);
    }
    return *this;
  }
  ~pending() { cancel(); }

  // Withdraws the call: its answer is no longer wanted. Does nothing after it was awaited or cancelled.
  void cancel() {
    auto asked = release();
    if (asked == internal::no_ticket) return;
    if (auto run = run_.lock()) (*run)->withdraw(asked);
  }

  internal::ticket asked() const noexcept { return asked_; }
  // Hands the ticket to the awaiter.
  internal::ticket release() noexcept { return std::exchange(asked_, internal::no_ticket); }

 private:
  std::weak_ptr<internal::steps*> run_;
  internal::ticket asked_;
};

template <class Arm>
class [[nodiscard("begin does nothing until it is awaited")]] begun {
 public:
  explicit begun(Arm arm) : arm_(std::move(arm)) {}
  Arm& arm() noexcept { return arm_; }

 private:
  Arm arm_;
};

// Starts a call, an activity, a child, an event wait or a sleep. co_await gives its pending.
// Constrained so that it is never chosen over std::begin.
template <class Arm>
requires internal::durable<Arm> || internal::arm<Arm>
auto begin(Arm arm) {
  internal::require_arms<Arm>();
  return begun<Arm>(std::move(arm));
}

class [[nodiscard("next waits when it is awaited")]] next_of {
 public:
  explicit next_of(std::vector<internal::ticket> asked) : asked_(std::move(asked)) {}
  std::vector<internal::ticket>& asked() noexcept { return asked_; }

 private:
  std::vector<internal::ticket> asked_;
};

// Waits until one of the pendings that were not awaited yet is settled, and gives its index: at once if one
// is, otherwise of the first in the history. The pending itself is still to be awaited. Throws `failed` with
// cause::invalid if all were awaited before.
template <class R>
next_of next(const std::vector<pending<R>>& pendings) {
  std::vector<internal::ticket> asked;
  asked.reserve(pendings.size());
  for (const auto& one : pendings) asked.push_back(one.asked());
  return next_of(std::move(asked));
}

namespace internal {

template <payload_value R>
struct arm_answer<pending<R>> {
  using type = R;
};
template <payload_value R>
ticket open_arm(steps&, pending<R>& p) {
  return p.release();
}
template <payload_value R>
ticket open_arm(steps&, pending<R>&& p) {
  return p.release();
}
template <payload_value R>
void open_race_arm(steps&, pending<R>&& p, std::vector<ticket>& arms) {
  arms.push_back(p.release());
}

template <class Arm>
class begin_awaiter : public instant<pending<answer_of<Arm>>> {
 public:
  begin_awaiter(steps& run, begun<Arm> what)
      : instant<pending<answer_of<Arm>>>(run), asked_(open_arm(run, std::move(what.arm()))) {}
  pending<answer_of<Arm>> await_resume() {
    return pending<answer_of<Arm>>(this->run_.life(), asked_);
  }

 private:
  ticket asked_;
};
template <arm Arm>
struct awaiter_of<begun<Arm>> {
  using type = begin_awaiter<Arm>;
};

class next_awaiter {
 public:
  next_awaiter(steps& run, next_of what);
  bool await_ready() const noexcept;
  void await_suspend(std::coroutine_handle<> self) { run_.wait_any(self, asked_); }
  std::size_t await_resume();

 private:
  steps& run_;
  std::vector<ticket> asked_;
};
template <>
struct awaiter_of<next_of> {
  using type = next_awaiter;
};

}  // namespace internal
}  // namespace reprise
