// What an orchestrator can read or say without waiting: time, random numbers, unique ids, its
// status, a message. All of it comes from the history or goes into it, so it is awaited like
// everything else.
//
//   auto noon = co_await reprise::now();               // recorded time of the input being handled
//   auto dice = co_await reprise::random() % 6;        // the same after every restart
//   auto name = co_await reprise::unique_id();         // never repeats, in any generation
//   co_await reprise::set_status(std::string("packing"));
//   co_await reprise::tell(shop::release(sku, ask));   // nobody waits for the answer
//   co_await reprise::log("packed");                   // once; not in replay
//   if (co_await reprise::changed("fraud-check")) ...  // an edit in place: new instances take it
//   co_await reprise::continue_as_new(next);           // the last line: a new history begins

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "actors/contract.hpp"
#include "actors/orchestration/arm.hpp"
#include "actors/time.hpp"

namespace reprise {

struct [[nodiscard("await it")]] now_of{};
struct [[nodiscard("await it")]] random_of{};
struct [[nodiscard("await it")]] unique_id_of{};

// The recorded time of the input that is being handled; the same in every replay.
inline now_of now() { return {}; }
// A uniform 64-bit number, the same in every replay. Not for secrets.
inline random_of random() { return {}; }
// A text that is unique among all instances and generations; the same in every replay.
inline unique_id_of unique_id() { return {}; }

class [[nodiscard("await it")]] status_of {
 public:
  explicit status_of(std::string json_text) : text_(std::move(json_text)) {}
  std::string& text() noexcept { return text_; }

 private:
  std::string text_;
};

class [[nodiscard("await it")]] tell_of {
 public:
  tell_of(request what, time_point due) : what_(std::move(what)), due_(due) {}
  request& what() noexcept { return what_; }
  time_point due() const noexcept { return due_; }

 private:
  request what_;
  time_point due_;
};

class [[nodiscard("await it")]] changed_of {
 public:
  explicit changed_of(std::string_view name) : name_(name) {}
  std::string_view name() const noexcept { return name_; }

 private:
  std::string_view name_;  // a constant
};

class [[nodiscard("await it")]] log_of {
 public:
  explicit log_of(std::string line) : line_(std::move(line)) {}
  std::string& line() noexcept { return line_; }

 private:
  std::string line_;
};

// Carries the type of a plain input; a call carries its orchestration's type instead.
class [[nodiscard("await it")]] continue_of {
 public:
  explicit continue_of(request what) : what_(std::move(what)) {}
  continue_of(const payload_type& type, payload input) : type_(&type) {
    what_.input = std::move(input);
  }
  request& what() noexcept { return what_; }
  const payload_type* type() const noexcept { return type_; }

 private:
  request what_;
  const payload_type* type_ = nullptr;
};

namespace internal {
// Returns a plain value as the JSON text that status pages show.
std::string json_text(const payload_type&, const payload&);
}  // namespace internal

// Sets the instance's custom status, which is shown until the next one.
template <payload_value T>
status_of set_status(const value<T>& shown) {
  static_assert(plain<T>, "reprise: a status is plain: text, a number, a list of them or json");
  return status_of(internal::json_text(type_of<T>(), codec<T>::encode(shown)));
}
template <plain T>
status_of set_status(const T& shown) {
  return set_status(value<T>(shown));
}
inline status_of set_status(const char* shown) { return set_status(std::string(shown)); }

// Sends a message without waiting for the answer: an operation of an actor, delivered not before
// `due`; the start of an orchestration, which is then not a child; or an event for another
// instance, tell(shop::verdict.to("order-7", ...)).
template <class Out>
tell_of tell(operation_call<Out> what, time_point due = {}) {
  return tell_of(std::move(what).what(), due);
}
template <class Out>
tell_of tell(const transient_call<Out>& what, time_point due = {}) {
  return tell_of(what.what(), due);
}
template <class Out>
tell_of tell(start_call<Out> what) {
  return tell_of(std::move(what).what(), {});
}
template <class Out>
tell_of tell(const activity_call<Out>& what) {
  static_assert(
      !std::is_same_v<Out, Out>,
      "reprise: an activity is not told, because nobody would hear that it failed: co_await "
      "it, or co_await begin(...) it and await it later");
  return tell_of(what.what(), {});
}
template <class Out>
tell_of tell(const call<Out>& what) {
  static_assert(
      !std::is_same_v<Out, Out>,
      "reprise: this call may be of an activity, which is not told: give it its own type, "
      "reprise::operation_call or start_call");
  return tell_of(what.what(), {});
}
inline tell_of tell(request event) { return tell_of(std::move(event), {}); }

// Marks an edit in place. Returns true in a generation that reaches this place for the first time
// with the new code, and every later time; false in one whose history passed it before the edit.
// The name is durable. Remove the mark once the old code is gone and no instance that ran it is left.
inline changed_of changed(internal::durable_name name) { return changed_of(name.view()); }

// Writes one line, with the instance's id, to the node's log. Does nothing in replay.
inline log_of log(std::string line) { return log_of(std::move(line)); }

// Ends this generation and begins the next with `input` under the same id: with an empty history,
// the same custom status, and the events that were raised but not taken. Everything else that is
// open is withdrawn, and no code after it runs. With a call, continue_as_new(monitor(input)), the
// instance moves to the newest version of its orchestration, or to the version that the call names.
template <payload_value In>
continue_of continue_as_new(const value<In>& input) {
  return continue_of(type_of<In>(), codec<In>::encode(input));
}
template <plain In>
continue_of continue_as_new(const In& input) {
  return continue_as_new(value<In>(input));
}
template <class Out>
continue_of continue_as_new(start_call<Out> next) {
  return continue_of(std::move(next).what());
}

namespace internal {

class now_awaiter : public instant<time_point> {
 public:
  now_awaiter(steps& run, now_of) : instant(run) {}
  time_point await_resume() const { return run_.now(); }
};
class random_awaiter : public instant<std::uint64_t> {
 public:
  random_awaiter(steps& run, random_of) : instant(run) {}
  std::uint64_t await_resume() const { return run_.random(); }
};
class unique_id_awaiter : public instant<std::string> {
 public:
  unique_id_awaiter(steps& run, unique_id_of) : instant(run) {}
  std::string await_resume() const { return run_.unique_id(); }
};
class status_awaiter : public instant<void> {
 public:
  status_awaiter(steps& run, status_of what) : instant(run) {
    run.set_status(std::move(what.text()));
  }
  void await_resume() const noexcept {}
};
class tell_awaiter : public instant<void> {
 public:
  tell_awaiter(steps& run, tell_of what) : instant(run) {
    run.tell(std::move(what.what()), what.due());
  }
  void await_resume() const noexcept {}
};
class changed_awaiter : public instant<bool> {
 public:
  changed_awaiter(steps& run, changed_of what) : instant(run), took_(run.changed(what.name())) {}
  bool await_resume() const noexcept { return took_; }

 private:
  bool took_;
};
class log_awaiter : public instant<void> {
 public:
  log_awaiter(steps& run, log_of what) : instant(run) { run.log(std::move(what.line())); }
  void await_resume() const noexcept {}
};
class continue_awaiter : public instant<void> {
 public:
  continue_awaiter(steps& run, continue_of what) : instant(run) {
    if (what.type())
      run.continue_as_new(*what.type(), std::move(what.what().input));
    else
      run.continue_as_new(std::move(what.what()));
  }
  void await_resume() const noexcept {}
};

template <>
struct awaiter_of<now_of> {
  using type = now_awaiter;
};
template <>
struct awaiter_of<random_of> {
  using type = random_awaiter;
};
template <>
struct awaiter_of<unique_id_of> {
  using type = unique_id_awaiter;
};
template <>
struct awaiter_of<status_of> {
  using type = status_awaiter;
};
template <>
struct awaiter_of<tell_of> {
  using type = tell_awaiter;
};
template <>
struct awaiter_of<changed_of> {
  using type = changed_awaiter;
};
template <>
struct awaiter_of<log_of> {
  using type = log_awaiter;
};
template <>
struct awaiter_of<continue_of> {
  using type = continue_awaiter;
};

}  // namespace internal
}  // namespace reprise
