// An arm: one thing that can be awaited, alone or as part of `all`, `race` and `begin`. Opening it
// gives a ticket; its outcome is a payload that becomes a value<answer>.

#pragma once

#include <concepts>
#include <coroutine>
#include <optional>
#include <type_traits>
#include <utility>

#include "actors/call.hpp"
#include "actors/orchestration/steps.hpp"
#include "actors/task.hpp"

namespace reprise::internal {

template <class X>
struct arm_answer;  // specialised for each kind of arm
template <payload_value R>
struct arm_answer<call<R>> {
  using type = R;
};
template <payload_value R>
struct arm_answer<operation_call<R>> {
  using type = R;
};
template <payload_value R>
struct arm_answer<activity_call<R>> {
  using type = R;
};
template <payload_value R>
struct arm_answer<start_call<R>> {
  using type = R;
};
template <payload_value T>
struct arm_answer<event_wait<T>> {
  using type = T;
};
template <>
struct arm_answer<pause> {
  using type = none;
};

template <class X>
concept arm = requires {
  typename arm_answer<std::remove_cvref_t<X>>::type;
};
template <class X>
using answer_of = typename arm_answer<std::remove_cvref_t<X>>::type;

template <class X>
requires requires(X x) {
  { std::move(x).what() } -> std::convertible_to<request>;
}
ticket open_arm(steps& run, X&& x) { return run.open(std::forward<X>(x).what()); }
template <class X>
requires requires(X x) {
  { std::move(x).what() } -> std::convertible_to<request>;
}
void open_race_arm(steps& run, X&& x, std::vector<ticket>& arms) {
  run.open_arm(std::forward<X>(x).what(), arms);
}

template <payload_value R>
result<value<R>> take(steps& run, ticket asked) {
  auto outcome = run.take(asked);
  if (!outcome) return outcome.error();
  if constexpr (!structure<R>) run.keeps(outcome->size());
  return codec<R>::decode(*outcome);
}

template <class T>
T value_or_throw(result<T> outcome) {
  if (!outcome) throw failed(outcome.error());
  return *std::move(outcome);
}

// Awaits one arm: returns its value or throws its failure.
template <payload_value R>
class arm_awaiter {
 public:
  template <class X>
  arm_awaiter(steps& run, X&& x) : run_(run), asked_(open_arm(run, std::forward<X>(x))) {}
  bool await_ready() const noexcept { return run_.running() && run_.settled(asked_); }
  void await_suspend(std::coroutine_handle<> self) { run_.wait_all(self, {&asked_, 1}); }
  value<R> await_resume() { return value_or_throw(outcome()); }

 protected:
  result<value<R>> outcome() { return take<R>(run_, asked_); }

 private:
  steps& run_;
  ticket asked_;
};

template <arm X>
struct awaiter_of<X> {
  using type = arm_awaiter<answer_of<X>>;
};

// Awaits something that is available at once. Suspends only if the code must not go on.
template <class R>
class instant {
 public:
  explicit instant(steps& run) : run_(run) {}
  bool await_ready() const noexcept { return run_.running(); }
  void await_suspend(std::coroutine_handle<> self) { run_.wait_all(self, {}); }

 protected:
  steps& run_;
};

}  // namespace reprise::internal
