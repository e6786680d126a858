// One orchestration instance as a script: start it, answer its steps, raise events, and check which
// steps it took. When the script ends, its history is cut at every index, replayed and fed the
// rest: each time it must end with the same history.

#pragma once

#include <boost/test/unit_test.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "actors/orchestration/orchestration_run.hpp"
#include "actors/reprise.hpp"

namespace reprise::testing {

using namespace std::chrono_literals;
using reprise::event_kind;

// Code that deliberately keeps data outside of itself: do not run a second instance beside it.
struct impure_t {};
inline constexpr impure_t impure;

class instance {
 public:
  template <class R>
  instance(task<R> (*body)(), impure_t) : instance(body) {
    cuts_ = false;
  }
  template <class R>
  explicit instance(task<R> (*body)()) {
    static constexpr orchestration<none, R> name{"body"};
    app_.bind(name, body);
    begin();
  }
  template <class R, class In>
  instance(task<R> (*body)(value<In>), value<In> input) : input_(codec<In>::encode(input)) {
    static constexpr orchestration<In, R> name{"body"};
    app_.bind(name, body);
    begin();
  }
  ~instance();

  // Inputs. Each returns the steps that the code took, as "2 activity a, 3 timer".
  std::string start();
  template <plain T>
  std::string answer(std::uint64_t step, const T& with) {
    return answered(step, codec<T>::encode(value<T>(with)));
  }
  std::string answer(std::uint64_t step, const char* with) {
    return answer(step, std::string(with));
  }
  std::string answered(std::uint64_t step, payload);
  std::string fire(std::uint64_t step) { return answered(step, {}); }
  std::string fail(std::uint64_t step, failure);
  template <class T>
  std::string raise(std::string name, const T& with) {
    return raised(std::move(name), codec<T>::encode(value<T>(with)));
  }
  std::string raised(std::string name, payload);
  std::string feed(const history_event&, std::optional<failure> error = {});
  void pass(duration d) { now_ += d; }

  internal::orchestration_run& run() { return *run_; }
  const std::vector<history_event>& history() const { return history_; }
  const history_event& step(std::uint64_t number) const { return history_.at(number); }
  bool finished() const { return run_->finished(); }
  std::string waits() const;  // the lines of waiting_for, joined
  // The outcome of a finished instance.
  template <class R>
  value<R> outcome() const {
    BOOST_TEST_REQUIRE(finished());
    BOOST_TEST_REQUIRE(!history_.back().error.has_value());
    return *codec<R>::decode(history_.back().value);
  }
  std::string text() const { return *outcome<std::string>(); }
  failure error() const {
    BOOST_TEST_REQUIRE(finished());
    BOOST_TEST_REQUIRE(history_.back().error.has_value());
    return *history_.back().error;
  }

  // A second run of the same code over `history`; nothing is live yet.
  std::unique_ptr<internal::orchestration_run> replayed(
      const std::vector<history_event>& history) const {
    return undone({}, history);
  }
  // The same after a rewind that took these events back.
  std::unique_ptr<internal::orchestration_run> undone(std::vector<std::uint64_t> numbers,
                                                      const std::vector<history_event>&) const;

  time_point now_{std::chrono::hours(24 * 365 * 56)};

 private:
  void begin();
  void check_cut(std::size_t length) const;

  application app_;
  payload input_;
  bool cuts_ = true;
  std::unique_ptr<internal::orchestration_run> run_;
  std::vector<history_event> history_;
};

}  // namespace reprise::testing
