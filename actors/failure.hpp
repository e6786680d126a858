// Why something did not happen, as a value that can be stored, sent, compared and shown over HTTP.
//
// An operation, an activity or the engine makes one with `reject(...)` or `fail(...)`. A caller
// gets a `result<T>`; an orchestrator that does not ask for a result ends with the failure. Whether
// to retry is data: the failure says whether another attempt can help.

#pragma once

#include <cstdint>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace reprise {

// Stored and sent as a number: never renumber. 21 and 22 are reserved, and none may exceed 31,
// because `causes` is stored as the bits of a u32. docs/failures.md has a paragraph for each.
enum class cause : std::uint16_t {
  rejected = 1,              // the operation refused; nothing was written
  failed = 2,                // user code threw or returned `fail`
  timed_out = 3,             // a time limit set by the caller passed
  unbound = 4,               // no code is bound under this name
  cancelled = 5,             // withdrawn by its caller
  terminated = 6,            // the instance was terminated
  not_found = 7,             // no such instance
  gone = 8,                  // the instance has ended and takes no more messages
  exists = 9,                // an instance with this id exists and has not ended
  invalid = 10,              // the input does not fit its type, or a name or id breaks its rules
  mismatch = 11,             // the idempotency key was used before with another body
  limit = 12,                // a limit was exceeded; the text names it
  overloaded = 13,           // refused on arrival; nothing was done, try later
  unavailable = 14,          // not applied: the commit could not be written
  unknown_outcome = 15,      // the flush failed: whether it applied is known after the next open
  storage_full = 16,         // no room on the disk; reads still work
  corrupt = 17,              // a stored record is damaged; its owner is quarantined
  poison = 18,               // set aside after it crashed the process
  diverged = 19,             // the code does not fit the history
  precondition_failed = 20,  // the actor does not meet the caller's condition; nothing was done
  nothing_undone = 23,       // a rewind would change nothing; the text says what it looked at
};

// A set of causes: `cause::timed_out | cause::unavailable`. The empty set stands for all.
struct causes {
  constexpr causes() = default;
  constexpr causes(cause c) : bits(std::uint32_t{1} << static_cast<unsigned>(c)) {}
  // Returns whether the set has this cause; the empty set has all of them.
  constexpr bool contain(cause c) const { return bits == 0 || (bits & causes(c).bits) != 0; }
  friend bool operator==(const causes&, const causes&) = default;
  std::uint32_t bits = 0;  // stored: 1 << cause
};
constexpr causes operator|(causes some, cause another) {
  some.bits |= causes(another).bits;
  return some;
}
constexpr causes operator|(cause one, cause another) { return causes(one) | another; }

// Returns the stable word for a cause that HTTP answers and logs show: "rejected", "not_found", ...
std::string_view to_string(cause) noexcept;

// Why a call failed. `text` is shown to people; `why` and `retryable` are for code.
struct failure {
  cause why = cause::failed;
  std::string text;        // one sentence for a person
  bool retryable = false;  // may another attempt succeed?
  std::string from{};      // the orchestration step that it came from; empty: none or unknown

  friend bool operator==(const failure&, const failure&) = default;
};

// Makes a refusal by rule: no state is written and it is never retried.
inline failure reject(std::string text) { return {cause::rejected, std::move(text), false}; }

// Makes an accidental failure: it is retried if the call has a retry policy.
inline failure fail(std::string text) { return {cause::failed, std::move(text), true}; }

// The success of a result<> without a value: `return reprise::done;`.
struct done_t {};
inline constexpr done_t done;

// A value or a failure. Reading the one that it does not hold is a broken invariant.
template <class T = void>
class [[nodiscard]] result {
 public:
  using value_type = T;

  result(T value) : held_(std::in_place_index<0>, std::move(value)) {}
  result(failure f) : held_(std::in_place_index<1>, std::move(f)) {}

  explicit operator bool() const noexcept { return held_.index() == 0; }
  const T& operator*() const& { return std::get<0>(held_); }
  T& operator*() & { return std::get<0>(held_); }
  T&& operator*() && { return std::get<0>(std::move(held_)); }
  const T* operator->() const { return &std::get<0>(held_); }
  T* operator->() { return &std::get<0>(held_); }
  // The failure; only if the result is false.
  const failure& error() const { return std::get<1>(held_); }

 private:
  std::variant<T, failure> held_;
};

template <>
class [[nodiscard]] result<void> {
 public:
  using value_type = void;

  result(done_t) {}
  result(failure f) : failure_(std::move(f)) {}

  explicit operator bool() const noexcept { return !failure_; }
  const failure& error() const { return *failure_; }

 private:
  std::optional<failure> failure_;
};

// Thrown in an orchestrator by `co_await call` when the call failed and no result was asked for.
class failed : public std::exception {
 public:
  explicit failed(failure f) : failure_(std::move(f)) {}
  const failure& why() const noexcept { return failure_; }
  const char* what() const noexcept override { return failure_.text.c_str(); }

 private:
  failure failure_;
};

}  // namespace reprise
