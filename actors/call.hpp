// A call: a value that describes a request and does nothing until it is performed. The same value
// serves an orchestrator (`co_await`), a client (`node->ask`), an actor (`here.tell`) and a test; one
// of an activity serves orchestrators only, and the types tell them apart.

#pragma once

#include <string>
#include <type_traits>
#include <utility>

#include "actors/codec.hpp"
#include "actors/request.hpp"
#include "actors/value.hpp"

namespace reprise {

static_assert(std::is_trivially_destructible_v<retry>,
              "retry is written in braces inside co_await, where g++ 12 destroys members twice");

namespace internal {
// Compile error for code that reads the answer of a call that was not awaited.
template <class R>
[[noreturn]] void refuse_call_as_answer() {
  static_assert(never<R>,
                "reprise: this is the call, not its answer: await it, auto grant = co_await "
                "reserve(...), and on the next line grant->getLeft()");
  __builtin_unreachable();
}
}  // namespace internal

namespace internal {
// What all calls have. Self is the call itself.
template <class Self, payload_value R>
class call_of {
 public:
  using answer = R;

  explicit call_of(request&& what) : what_(std::move(what)) {}

  // Sets the retry policy. All attempts together give one answer.
  Self with(retry policy) && {
    what_.policy = policy;
    return std::move(self());
  }
  Self with(retry policy) const& { return Self(self()).with(policy); }

  // Limits each attempt to `limit`; an attempt that exceeds it fails with cause::timed_out, which
  // may be retried. For orchestrators.
  Self within(duration limit) && {
    what_.timeout = limit;
    return std::move(self());
  }
  Self within(duration limit) const& { return Self(self()).within(limit); }

  // The call without its types.
  const request& what() const& noexcept { return what_; }
  request&& what() && noexcept { return std::move(what_); }

  template <class Answer = R>
  auto operator*() const -> decltype(*std::declval<const value<Answer>&>()) {
    refuse_call_as_answer<Answer>();
  }
  template <class Answer = R>
  auto operator->() const -> decltype(std::declval<const value<Answer>&>().operator->()) {
    refuse_call_as_answer<Answer>();
  }

 protected:
  request what_;

 private:
  Self& self() noexcept { return static_cast<Self&>(*this); }
  const Self& self() const noexcept { return static_cast<const Self&>(*this); }
};
}  // namespace internal

// A call of an operation: one turn of one actor. An orchestrator awaits it, a client asks it, and
// everybody may tell it.
template <payload_value R>
class [[nodiscard("a call does nothing until it is awaited, asked or told")]] operation_call
    : public internal::call_of<operation_call<R>, R> {
 public:
  using internal::call_of<operation_call<R>, R>::call_of;
  operator request() const& { return this->what_; }
  operator request()&& { return std::move(this->what_); }
};

// A call of an activity. Only an orchestrator can await it, because only it has a history that
// keeps the outcome. So it is no request that others could send.
template <payload_value R>
class [[nodiscard("a call does nothing until it is awaited")]] activity_call
    : public internal::call_of<activity_call<R>, R> {
 public:
  using internal::call_of<activity_call<R>, R>::call_of;
};

// A call that starts an orchestration. Clients and actors start it; when an orchestrator awaits it,
// the instance is its child.
template <payload_value R>
class [[nodiscard("a call does nothing until it is awaited, asked or started")]] start_call
    : public internal::call_of<start_call<R>, R> {
 public:
  using internal::call_of<start_call<R>, R>::call_of;
  operator request() const& { return this->what_; }
  operator request()&& { return std::move(this->what_); }

  // Sets what happens when an instance with this id exists. Clients only.
  start_call reusing(id_reuse policy)&& {
    this->what_.reuse = policy;
    return std::move(*this);
  }
  // Delays the start: the instance is pending until `due`. Clients only.
  start_call not_before(time_point due)&& {
    this->what_.due = due;
    return std::move(*this);
  }
};

// What an orchestrator awaits, whatever it calls: one list can hold calls of operations, activities
// and orchestrations.
//
//   std::vector<reprise::call<Words>> asks;
//   auto all = co_await reprise::all(std::move(asks));
//
// It may be of an activity, so nobody else asks, tells or starts it.
template <payload_value R>
class [[nodiscard("a call does nothing until it is awaited")]] call
    : public internal::call_of<call<R>, R> {
 public:
  using internal::call_of<call<R>, R>::call_of;
  call(operation_call<R> what) : call(std::move(what).what()) {}
  call(activity_call<R> what) : call(std::move(what).what()) {}
  call(start_call<R> what) : call(std::move(what).what()) {}
};

// A call of a transient operation. It has no record, so a crash may lose it; an orchestrator that
// awaits it must therefore give a time limit with `within`. A client that asks or a caller that
// tells needs none.
template <payload_value R>
class [[nodiscard("a call does nothing until it is awaited, asked or told")]] transient_call {
 public:
  using answer = R;
  explicit transient_call(request && what) : what_(std::move(what)) {}

  // Makes the call awaitable. It is sent again after a restart until it is answered or `limit` has passed.
  operation_call<R> within(duration limit) const {
    return operation_call<R>(request(what_)).within(limit);
  }
  operator operation_call<R>() const { return operation_call<R>(request(what_)); }
  const request& what() const& noexcept { return what_; }
  request&& what()&& noexcept { return std::move(what_); }

 private:
  request what_;
};

namespace internal {
// Which calls a client, an actor or a test may tell, and which it may ask.
template <class Call>
inline constexpr bool is_told = false;
template <payload_value R>
inline constexpr bool is_told<operation_call<R>> = true;
template <payload_value R>
inline constexpr bool is_told<transient_call<R>> = true;

template <class Call>
inline constexpr bool is_started = false;
template <payload_value R>
inline constexpr bool is_started<start_call<R>> = true;

template <class Call>
inline constexpr bool is_of_activity = false;
template <payload_value R>
inline constexpr bool is_of_activity<activity_call<R>> = true;

// Compile errors for what only an orchestrator can await.
template <class Call>
constexpr void require_outside() {
  static_assert(
      !is_of_activity<Call>,
      "reprise: only an orchestrator asks for an activity, co_await charge(...): elsewhere "
      "tell or ask an operation, or start an orchestration that awaits the activity");
  static_assert(is_of_activity<Call> || is_told<Call> || is_started<Call>,
                "reprise: only an orchestrator awaits this: it may be an activity, an event or "
                "time; elsewhere "
                "give the call its own type, reprise::operation_call or start_call");
}
template <class Call>
constexpr void require_told() {
  require_outside<Call>();
  static_assert(!is_started<Call>,
                "reprise: an orchestration is not told, it is started: here.start(checkout(...))");
}
}  // namespace internal

// Waits for the next event of a name; for orchestrators. Holds only the name, because it stays in
// the coroutine frame for as long as the orchestrator waits.
template <payload_value T>
class [[nodiscard("an event is waited for with co_await")]] event_wait {
 public:
  using answer = T;
  explicit event_wait(request && what) : name_(std::move(what.name)) {}
  request what() const {
    request event;
    event.kind = request_kind::event;
    event.name = name_;
    return event;
  }

 private:
  std::string name_;
};

// A span of time to wait, of any length; for orchestrators. Counted from the recorded time of the
// input that is being handled.
class [[nodiscard("a sleep is waited for with co_await")]] pause {
 public:
  using answer = none;
  explicit pause(duration span) : span_(span) {}
  request what() const {
    request sleep;
    sleep.kind = request_kind::sleep;
    sleep.delay = span_;
    return sleep;
  }

 private:
  duration span_;
};

// Waits for `span`: `co_await reprise::sleep(24h)`, or an arm of `all`, `race` or `begin`. Durable: it
// survives restarts, and one that became due while the node was down ends when it is up again.
inline pause sleep(duration span) { return pause(span); }

namespace internal {
// Is `Given` a reader of In, such as an element of a list? It is copied.
template <class In, class Given>
inline constexpr bool is_reader_of = false;
template <structure In, class Given>
inline constexpr bool is_reader_of<In, Given> = std::is_convertible_v<Given, typename In::Reader>;

template <class In, class... Given>
constexpr bool takes() {
  if constexpr (sizeof...(Given) == 0) {
    return std::is_same_v<In, none>;
  } else if constexpr (sizeof...(Given) > 1) {
    return false;
  } else if constexpr ((std::is_convertible_v<Given, value<In>> && ...)) {
    return true;
  } else if constexpr (structure<In>) {
    return ((is_reader_of<In, Given> || std::is_invocable_v<Given, typename In::Builder>)&&...);
  } else {
    return false;
  }
}

// Encodes the input of a call from the arguments that the user wrote.
template <payload_value In, class... Given>
payload input_of(Given&&... given) {
  constexpr bool fits = takes<In, Given&&...>();
  static_assert(fits,
                "reprise: the input does not fit this call; give a value of its input type, for a "
                "Cap'n Proto struct also a Reader, which is copied, or a lambda [&](auto in) { "
                "in.setX(...); }, "
                "for none nothing");
  if constexpr (!fits || sizeof...(Given) == 0) {
    return payload{};
  } else if constexpr ((std::is_same_v<std::remove_cvref_t<Given>, value<In>> && ...)) {
    return (codec<In>::encode(given), ...);
  } else if constexpr ((std::is_convertible_v<Given&&, value<In>> && ...)) {
    return (codec<In>::encode(value<In>(std::forward<Given>(given))), ...);
  } else if constexpr ((is_reader_of<In, Given&&> && ...)) {
    return (copied<In>(given), ...);
  } else {
    return (filled<In>(std::forward<Given>(given)), ...);
  }
}
}  // namespace internal

}  // namespace reprise
