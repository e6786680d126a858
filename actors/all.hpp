// Waiting for several things, and failures as values.
//
//   auto grants = co_await reprise::all(std::move(asks));         // std::vector<value<Grant>>
//   auto both   = co_await reprise::all(shop::a(x), shop::b(y));  // std::tuple<value<A>, value<B>>
//   auto tried  = co_await reprise::attempt(shop::charge(bill));  // result<value<Receipt>>
//   auto each   = co_await reprise::attempt(reprise::all(...));   // the result of each arm
//
// `all` waits for every arm, then throws the first failure in list order.

#pragma once

#include <tuple>
#include <utility>
#include <vector>

#include "actors/orchestration/arm.hpp"

namespace reprise {

template <class Arm>
class [[nodiscard("all waits when it is awaited")]] all_of_list {
 public:
  explicit all_of_list(std::vector<Arm> arms) : arms_(std::move(arms)) {}
  std::vector<Arm>& arms() noexcept { return arms_; }

 private:
  std::vector<Arm> arms_;
};

template <class... Arms>
class [[nodiscard("all waits when it is awaited")]] all_of {
 public:
  explicit all_of(Arms... arms) : arms_(std::move(arms)...) {}
  std::tuple<Arms...>& arms() noexcept { return arms_; }

 private:
  std::tuple<Arms...> arms_;
};

namespace internal {
template <class... X>
constexpr auto require_arms() {
  static_assert((arm<X> && ...),
                "reprise: the arms of all, race and begin are calls of operations, activities and "
                "orchestrations, events, sleep and pendings; a lock is awaited on its own");
}
}  // namespace internal

// Starts every arm and waits for all of them: a list gives a vector of values in its order, several arms
// give a tuple. A failure is thrown when every arm has ended: the first in the order of the arms. At most
// `max_steps_per_input` arms. The return type is `auto` (as of race and begin) so that the error for a
// wrong arm comes before those that follow from it.
template <class Arm>
auto all(std::vector<Arm> arms) {
  internal::require_arms<Arm>();
  return all_of_list<Arm>(std::move(arms));
}

template <class... Arms>
requires(sizeof...(Arms) > 0) auto all(Arms... arms) {
  internal::require_arms<Arms...>();
  return all_of<Arms...>(std::move(arms)...);
}
template <class Never = void>
auto all(internal::braces) {
  return internal::refuse_braces<Never>();
}

// Wraps an awaitable so that co_await gives its failure as a value.
template <class X>
class [[nodiscard("an attempt is made when it is awaited")]] attempted {
 public:
  explicit attempted(X inner) : inner_(std::move(inner)) {}
  X& inner() noexcept { return inner_; }

 private:
  X inner_;
};

// Makes co_await give a `result` instead of throwing: of a call, `race`, a lock or a pending; of `all`, one
// result for each arm.
template <class X>
attempted<X> attempt(X what) {
  return attempted<X>(std::move(what));
}

// Returns whether every arm of attempt(all(...)) succeeded.
template <class T>
bool every(const std::vector<result<T>>& arms) {
  for (const auto& one : arms)
    if (!one) return false;
  return true;
}
template <class... T>
bool every(const std::tuple<result<T>...>& arms) {
  return std::apply([](const auto&... one) { return (static_cast<bool>(one) && ...); }, arms);
}

namespace internal {

template <class Arm>
class list_awaiter {
 public:
  using answer = answer_of<Arm>;

  list_awaiter(steps& run, all_of_list<Arm> arms) : run_(run) {
    asked_.reserve(arms.arms().size());
    for (auto& one : arms.arms()) asked_.push_back(open_arm(run, std::move(one)));
  }
  bool await_ready() const noexcept {
    if (!run_.running()) return false;
    for (auto one : asked_)
      if (!run_.settled(one)) return false;
    return true;
  }
  void await_suspend(std::coroutine_handle<> self) { run_.wait_all(self, asked_); }
  std::vector<value<answer>> await_resume() {
    std::vector<value<answer>> values;
    values.reserve(asked_.size());
    for (auto& one : each()) values.push_back(value_or_throw(std::move(one)));
    return values;
  }

 protected:
  std::vector<result<value<answer>>> each() {
    std::vector<result<value<answer>>> results;
    results.reserve(asked_.size());
    for (auto one : asked_) results.push_back(take<answer>(run_, one));
    return results;
  }

 private:
  steps& run_;
  std::vector<ticket> asked_;
};

template <class... Arms>
class tuple_awaiter {
 public:
  tuple_awaiter(steps& run, all_of<Arms...> arms) : run_(run) {
    asked_.reserve(sizeof...(Arms));
    std::apply([&](auto&... one) { (asked_.push_back(open_arm(run, std::move(one))), ...); },
               arms.arms());
  }
  bool await_ready() const noexcept {
    if (!run_.running()) return false;
    for (auto one : asked_)
      if (!run_.settled(one)) return false;
    return true;
  }
  void await_suspend(std::coroutine_handle<> self) { run_.wait_all(self, asked_); }
  std::tuple<value<answer_of<Arms>>...> await_resume() {
    auto results = each();
    return std::apply(
        [](auto&... one) {
          return std::tuple<value<answer_of<Arms>>...>{value_or_throw(std::move(one))...};
        },
        results);
  }

 protected:
  std::tuple<result<value<answer_of<Arms>>>...> each() {
    return each_of(std::index_sequence_for<Arms...>{});
  }

 private:
  template <std::size_t... I>
  std::tuple<result<value<answer_of<Arms>>>...> each_of(std::index_sequence<I...>) {
    return std::tuple<result<value<answer_of<Arms>>>...>{take<answer_of<Arms>>(run_, asked_[I])...};
  }
  steps& run_;
  std::vector<ticket> asked_;
};

template <class Arm>
struct awaiter_of<all_of_list<Arm>> {
  using type = list_awaiter<Arm>;
};
template <class... Arms>
struct awaiter_of<all_of<Arms...>> {
  using type = tuple_awaiter<Arms...>;
};

// Waits like the inner awaiter but returns the result instead of throwing.
template <class X>
class attempt_awaiter;

template <arm X>
class attempt_awaiter<X> : public arm_awaiter<answer_of<X>> {
 public:
  attempt_awaiter(steps& run, attempted<X> what)
      : arm_awaiter<answer_of<X>>(run, std::move(what.inner())) {}
  result<value<answer_of<X>>> await_resume() { return this->outcome(); }
};
template <class Arm>
class attempt_awaiter<all_of_list<Arm>> : public list_awaiter<Arm> {
 public:
  attempt_awaiter(steps& run, attempted<all_of_list<Arm>> what)
      : list_awaiter<Arm>(run, std::move(what.inner())) {}
  auto await_resume() { return this->each(); }
};
template <class... Arms>
class attempt_awaiter<all_of<Arms...>> : public tuple_awaiter<Arms...> {
 public:
  attempt_awaiter(steps& run, attempted<all_of<Arms...>> what)
      : tuple_awaiter<Arms...>(run, std::move(what.inner())) {}
  auto await_resume() { return this->each(); }
};

template <class X>
requires durable<X>
struct awaiter_of<attempted<X>> {
  using type = attempt_awaiter<X>;
};

}  // namespace internal
}  // namespace reprise
