// What an orchestrator may know or say without waiting: the time, chance, names, its status, a
// message. All of it comes from the history or goes into it, so it is awaited like everything else.
//
//   auto noon = co_await reprise::now();               // recorded time of the event being handled
//   auto dice = co_await reprise::random() % 6;        // the same after every restart
//   auto name = co_await reprise::unique_id();         // this generation's alone, never used before
//   co_await reprise::set_status(std::string("packing"));
//   co_await reprise::tell(shop::release(sku, ask));   // nobody waits for the answer

#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "actors/internal/arm.hpp"
#include "actors/time.hpp"

namespace reprise {

struct [[nodiscard("await it")]] now_of{};
struct [[nodiscard("await it")]] random_of{};
struct [[nodiscard("await it")]] unique_id_of{};

inline now_of now() { return {}; }
inline random_of random() { return {}; }
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
  explicit tell_of(request what) : what_(std::move(what)) {}
  request& what() noexcept { return what_; }

 private:
  request what_;
};

namespace internal {
// A plain value as the JSON text that status pages show.
std::string json_text(const payload_type&, const payload&);
}  // namespace internal

// Shown as the instance's custom status until the next one.
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

template <class Out>
tell_of tell(call<Out> what) {
  return tell_of(std::move(what).what());
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
  tell_awaiter(steps& run, tell_of what) : instant(run) { run.tell(std::move(what.what())); }
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

}  // namespace internal
}  // namespace reprise
