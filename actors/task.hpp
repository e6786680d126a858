// `task<R>`: what an orchestrator returns. It is a durable coroutine: it may await calls, events,
// time and other tasks, and nothing else, because everything it learns must be in its history.
//
//   reprise::task<Outcome> run_checkout(reprise::value<Order> order) { ... co_await ... }
//
// A task does not run until it is awaited. Awaiting another coroutine runs it inline, with no
// history of its own; such a task may return any type, while an orchestrator returns a payload.

#pragma once

#include <concepts>
#include <coroutine>
#include <cstddef>
#include <exception>
#include <iterator>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>

#include "actors/call.hpp"
#include "actors/codec.hpp"
#include "actors/failure.hpp"
#include "actors/orchestration/steps.hpp"

namespace reprise {

template <class R = none>
class task;

namespace internal {

template <class R>
struct task_value {
  using type = R;
};
template <payload_value R>
struct task_value<R> {
  using type = value<R>;
};

// Specialised next to each awaitable type.
template <class X>
struct awaiter_of;

template <class X>
struct is_task : std::false_type {};
template <class R>
struct is_task<task<R>> : std::true_type {};

template <class X>
struct is_transient : std::false_type {};
template <class R>
struct is_transient<transient_call<R>> : std::true_type {};

template <class X>
concept durable = requires {
  typename awaiter_of<std::remove_cvref_t<X>>::type;
};

class promise_core {
 public:
  steps* run = nullptr;            // set when the task is awaited, or started as the root
  std::coroutine_handle<> parent;  // null for the root
  std::exception_ptr error;

  struct last_suspend {
    bool await_ready() const noexcept { return false; }
    template <class Promise>
    void await_suspend(std::coroutine_handle<Promise> self) const noexcept {
      auto& promise = self.promise();
      if (promise.parent) promise.run->transfer(promise.parent);
    }
    void await_resume() const noexcept {}
  };

  // Counts the frames: they are most of the memory of a waiting instance.
  static void* operator new(std::size_t size) { return new_frame(size); }
  static void operator delete(void* frame, std::size_t size) noexcept { free_frame(frame, size); }

  std::suspend_always initial_suspend() const noexcept { return {}; }
  last_suspend final_suspend() const noexcept { return {}; }
  void unhandled_exception() noexcept { error = std::current_exception(); }

  template <class X>
  auto await_transform(X&& x) {
    static_assert(
        durable<X> || is_transient<std::remove_cvref_t<X>>::value,
        "reprise: an orchestrator may await only durable things: calls of operations, "
        "activities and orchestrations, events, sleep, all, race, attempt, begin, next, "
        "lock, now, random, unique_id, set_status, tell, changed, log, continue_as_new "
        "and a task where it is called; do anything else in an activity and await its call");
    static_assert(!is_transient<std::remove_cvref_t<X>>::value,
                  "reprise: a transient call may be lost in a crash: say how long to wait for it, "
                  "co_await beat(...).within(5s)");
    constexpr bool named_task =
        std::is_lvalue_reference_v<X> && is_task<std::remove_cvref_t<X>>::value;
    static_assert(!named_task,
                  "reprise: await a task where it is called, co_await inner(), or std::move it: it "
                  "runs once");
    if constexpr (durable<X> && !named_task)
      return typename awaiter_of<std::remove_cvref_t<X>>::type(*run, std::forward<X>(x));
    else
      return std::suspend_never{};
  }
};

template <class R>
class task_promise : public promise_core {
 public:
  using given = typename task_value<R>::type;

  task<R> get_return_object() noexcept;
  void return_value(given v) { result_.emplace(std::move(v)); }
  void return_value(failure f) { error = std::make_exception_ptr(failed(std::move(f))); }
  template <class X>
  requires(!std::convertible_to<X, given> &&
           !std::convertible_to<X, failure>) auto return_value(X&&) {
    static_assert(
        never<X>,
        "reprise: this is not what the task answers with: co_return a value of the type in "
        "its task<...>, for a Cap'n Proto struct reprise::make<Outcome>([&](auto out) { "
        "out.setX(...); }), or a failure: reprise::reject(\"why\"), of a result its error()");
  }
  given take() {
    if (error) std::rethrow_exception(error);
    return *std::move(result_);
  }

 private:
  std::optional<given> result_;
};

// A promise has return_value or return_void, never both, so no static_assert can see a value that
// is returned here. The compiler refuses it, and its error shows the name of this class.
class
    a_task_without_a_type_answers_nothing_co_return_a_value_in_a_task_of_its_type_or_throw_failed_of_what_it_fails_with
    : public promise_core {
 public:
  using given = value<none>;

  task<none> get_return_object() noexcept;
  void return_void() const noexcept {}
  given take() {
    if (error) std::rethrow_exception(error);
    return {};
  }
};

template <class R>
struct promise_of {
  using type = task_promise<R>;
};
template <>
struct promise_of<none> {
  using type =
      a_task_without_a_type_answers_nothing_co_return_a_value_in_a_task_of_its_type_or_throw_failed_of_what_it_fails_with;
};

// Is this a parameter that may dangle after the first suspension?
template <class A>
constexpr bool borrows() {
  using plain_type = std::remove_cvref_t<A>;
  return std::is_reference_v<A> || std::is_pointer_v<plain_type> ||
         std::is_same_v<plain_type, std::string_view> || requires {
    typename plain_type::Reads;
  };
}

}  // namespace internal

// A durable coroutine that returns an R. Move-only; owns its frame. Take every parameter by value,
// because the task outlives its caller.
template <class R>
class [[nodiscard("a task does not run until it is awaited")]] task {
 public:
  using promise_type = typename internal::promise_of<R>::type;
  using handle = std::coroutine_handle<promise_type>;

  explicit task(handle frame) noexcept : frame_(frame) {}
  task(task && other) noexcept : frame_(std::exchange(other.frame_, {})) {}
  task& operator=(task&&) = delete;
  ~task() {
    if (frame_) frame_.destroy();
  }

  // For the engine: the coroutine, which `release` hands over.
  handle frame() const noexcept { return frame_; }
  handle release() noexcept { return std::exchange(frame_, {}); }

 private:
  handle frame_;
};

namespace internal {

template <class R>
task<R> task_promise<R>::get_return_object() noexcept {
  return task<R>(std::coroutine_handle<task_promise>::from_promise(*this));
}
inline task<none> promise_of<none>::type::get_return_object() noexcept {
  return task<none>(task<none>::handle::from_promise(*this));
}

template <class R>
class task_awaiter {
 public:
  task_awaiter(steps& run, task<R>&& inner) : run_(run), inner_(std::move(inner)) {}
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> outer) noexcept {
    inner_.frame().promise().run = &run_;
    inner_.frame().promise().parent = outer;
    run_.transfer(inner_.frame());
  }
  typename task_value<R>::type await_resume() { return inner_.frame().promise().take(); }

 private:
  steps& run_;
  task<R> inner_;
};

template <class R>
struct awaiter_of<task<R>> {
  using type = task_awaiter<R>;
};

}  // namespace internal
}  // namespace reprise

template <class R, class... A>
struct std::coroutine_traits<reprise::task<R>, A...> {
  static_assert((!reprise::internal::borrows<A>() && ...),
                "reprise: a task outlives its caller: take every parameter by value (no reference, "
                "pointer, string_view or reader), and write a function, not a lambda or a member");
  using promise_type = typename reprise::internal::promise_of<R>::type;
};

// Compile error for an operation or an activity that is written as a coroutine.
template <class T, class... A>
struct std::coroutine_traits<reprise::result<T>, A...> {
  static_assert(
      reprise::internal::never<T>,
      "reprise: an operation and an activity run in one go and cannot await: an operation "
      "may tell others (turn::tell), an orchestration, which returns a reprise::task, awaits "
      "calls");
  using promise_type = reprise::internal::promise_of<reprise::none>::type;
};
