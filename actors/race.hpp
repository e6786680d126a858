// Waits for the first of several things; the others are withdrawn in the same transition.
//
//   std::optional<reprise::value<Verdict>> answer =
//       co_await reprise::race(shop::verdict(), reprise::sleep(24h));
//   reprise::first<A, B> first = co_await reprise::race(shop::a(x), shop::b(y));
//
// The arm that is first in the history wins, even with a failure, which is thrown, or a value with
// attempt(race(...)). Of the losers, a timer is cancelled, an event that comes later goes to the
// next wait, and other answers are dropped.

#pragma once

#include <optional>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

#include "actors/all.hpp"
#include "actors/orchestration/arm.hpp"

namespace reprise {

// Tells which arm of a race won, and holds its value.
template <class... A>
class first {
 public:
  using values = std::variant<value<A>...>;
  explicit first(values v) : value_(std::move(v)) {}
  // The number of the arm that won, from 0.
  std::size_t index() const noexcept { return value_.index(); }
  template <std::size_t I>
  const auto& get() const& {
    return std::get<I>(value_);
  }
  template <std::size_t I>
  auto get() && {
    internal::refuse_temporary<std::tuple<A...>>();
  }

 private:
  values value_;
};

template <class... Arms>
class [[nodiscard("a race is run when it is awaited")]] race_of {
 public:
  explicit race_of(Arms... arms) : arms_(std::move(arms)...) {}
  std::tuple<Arms...>& arms() noexcept { return arms_; }

 private:
  std::tuple<Arms...> arms_;
};

// Makes a race of two or more arms, which starts when it is awaited. With one other arm and a
// sleep, the result is an optional, empty if the sleep won; otherwise it is first<...>.
template <class... Arms>
auto race(Arms... arms) {
  static_assert(sizeof...(Arms) > 1, "reprise: a race has two arms or more");
  internal::require_arms<Arms...>();
  return race_of<Arms...>(std::move(arms)...);
}
template <class Never = void>
auto race(internal::braces) {
  return internal::refuse_braces<Never>();
}

namespace internal {

// The result of a race: first<...>, or an optional when one arm races against a sleep.
template <class... Arms>
struct race_result {
  using type = first<answer_of<Arms>...>;
  template <std::size_t I>
  static type make(value<std::tuple_element_t<I, std::tuple<answer_of<Arms>...>>> v) {
    return type(typename type::values(std::in_place_index<I>, std::move(v)));
  }
};
template <class Arm>
requires(!std::is_same_v<Arm, pause>) struct race_result<Arm, pause> {
  using type = std::optional<value<answer_of<Arm>>>;
  template <std::size_t I, class V>
  static type make(V v) {
    if constexpr (I == 0)
      return type(std::move(v));
    else
      return type();
  }
};
template <class Arm>
requires(!std::is_same_v<Arm, pause>) struct race_result<pause, Arm> {
  using type = std::optional<value<answer_of<Arm>>>;
  template <std::size_t I, class V>
  static type make(V v) {
    if constexpr (I == 1)
      return type(std::move(v));
    else
      return type();
  }
};

template <class... Arms>
class race_awaiter {
 public:
  using outcome_type = typename race_result<Arms...>::type;

  race_awaiter(steps& run, race_of<Arms...> arms) : run_(run) {
    asked_.reserve(sizeof...(Arms));
    std::apply([&](auto&... one) { (open_race_arm(run, std::move(one), asked_), ...); },
               arms.arms());
    run.start_race(asked_);
  }
  bool await_ready() const noexcept {
    return run_.running() && run_.first_settled(asked_) < asked_.size();
  }
  void await_suspend(std::coroutine_handle<> self) { run_.wait_any(self, asked_); }
  outcome_type await_resume() { return value_or_throw(outcome()); }

 protected:
  result<outcome_type> outcome() {
    auto winner = run_.first_settled(asked_);
    for (std::size_t i = 0; i < asked_.size(); ++i)
      if (i != winner) run_.withdraw(asked_[i]);
    return chosen(winner, std::index_sequence_for<Arms...>{});
  }

 private:
  template <std::size_t... I>
  result<outcome_type> chosen(std::size_t winner, std::index_sequence<I...>) {
    std::optional<result<outcome_type>> out;
    ((I == winner ? void(out.emplace(taken<I>())) : void()), ...);
    return *std::move(out);
  }
  template <std::size_t I>
  result<outcome_type> taken() {
    auto got = take<std::tuple_element_t<I, std::tuple<answer_of<Arms>...>>>(run_, asked_[I]);
    if (!got) return got.error();
    return race_result<Arms...>::template make<I>(*std::move(got));
  }

  steps& run_;
  std::vector<ticket> asked_;
};

template <class... Arms>
struct awaiter_of<race_of<Arms...>> {
  using type = race_awaiter<Arms...>;
};

template <class... Arms>
class attempt_awaiter<race_of<Arms...>> : public race_awaiter<Arms...> {
 public:
  attempt_awaiter(steps& run, attempted<race_of<Arms...>> what)
      : race_awaiter<Arms...>(run, std::move(what.inner())) {}
  auto await_resume() { return this->outcome(); }
};

}  // namespace internal
}  // namespace reprise
