// Which positions share a flush, and on whose thread gates open.

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "persistence/memory_store.hpp"
#include "persistence/testing/faulty_store.hpp"
#include "runtime/commit/commit_log.hpp"

namespace reprise::runtime {
namespace {

// Keeps what is posted until the test runs it; time passes when it is looked at, or not at all.
class held_executor final : public executor {
 public:
  explicit held_executor(duration p) : per_look(p) {}

  void enqueue(std::shared_ptr<strand>) override {}
  void add_pool(std::string, unsigned) override {}
  bool has_pool(std::string_view) const override { return true; }
  void post(std::string_view pool, job j) override {
    (pool == log_pool ? log : outbox).push_back(std::move(j));
  }
  std::vector<pool_status> pools() const override { return {}; }
  void grow_pool(std::string_view, int) override {}
  time_point now() override { return {}; }
  duration boot_time() override {
    ++looks;
    if (at_look) at_look();
    return clock_ += per_look;
  }
  void arm(time_point, job) override {}
  bool simulated() const noexcept override { return false; }
  void stop() override {}
  void abandon() override {}

  std::deque<job> log, outbox;
  std::atomic<int> looks{0};
  duration per_look;
  std::function<void()> at_look;

 private:
  duration clock_{};
};

struct logged {
  explicit logged(duration per_look = {}, persistence::internal::mishap_plan plan = {})
      : store(std::make_unique<persistence::memory_store>(), plan),
        on(per_look),
        log(store, on, {[] { return time_point{}; }, [this](const auto&) { failed(); }}) {}

  commit_log::ticket take() {
    commit_log::ticket t;
    BOOST_REQUIRE(log.take(log.epoch(), t));
    return t;
  }
  void publish(const commit_log::ticket& t, int gates = 0,
               commit_log::followed f = commit_log::followed::no) {
    std::vector<gate> all;
    for (int i = 0; i < gates; ++i) all.emplace_back([this](commit_outcome) { ++opened; });
    log.publish(t, {}, std::move(all), f);
  }
  void run(std::deque<job>& posted) {
    BOOST_REQUIRE(!posted.empty());
    auto next = std::move(posted.front());
    posted.pop_front();
    next();
  }

  // What the engine does after a group that was not written, on another thread.
  void restart_log() {
    log.drop_all(commit_outcome::not_applied);
    log.begin(*store.begin_term(), store.durable());
  }
  // Two positions, of which the second is lost.
  void lose_second() {
    publish(take());
    run(on.log);
    failed = [this] { restart_log(); };
    publish(take());
    run(on.log);
  }
  std::optional<commit_outcome> outcome_of(const horizon& h) {
    std::optional<commit_outcome> told;
    log.when_durable(h, [&told](commit_outcome o) { told = o; });
    return told;
  }

  persistence::internal::faulty_store store;
  held_executor on;
  std::function<void()> failed;
  commit_log log;
  int opened = 0;
};

constexpr persistence::internal::mishap_plan second_is_lost{
    2, persistence::internal::mishap::not_written, 0};

BOOST_AUTO_TEST_SUITE(commit_logs)

// No time passes: without waiting for it, or with waiting for ever, this fails or does not end.
BOOST_AUTO_TEST_CASE(a_transition_that_follows_at_once_is_in_the_same_group) {
  logged l;
  l.publish(l.take(), 0, commit_log::followed::at_once);
  std::thread commits([&] { l.run(l.on.log); });
  while (l.on.looks == 0) std::this_thread::yield();  // it waits
  const auto second = l.take();
  BOOST_TEST(l.log.groups() == 0u);
  l.publish(second);
  commits.join();
  BOOST_TEST(l.log.groups() == 1u);
  BOOST_TEST(l.log.durable() == second.at);
}

BOOST_AUTO_TEST_CASE(a_transition_that_does_not_follow_is_not_waited_for) {
  logged l(std::chrono::microseconds(10));
  const auto first = l.take();
  l.publish(first, 0, commit_log::followed::at_once);
  l.run(l.on.log);
  BOOST_TEST(l.log.durable() == first.at);
  const auto second = l.take();  // the code went on after all
  l.publish(second);
  l.run(l.on.log);
  BOOST_TEST(l.log.groups() == 2u);
  BOOST_TEST(l.log.durable() == second.at);
}

// Ten of them, one more at each look at the clock.
void follow_each_other(logged& l) {
  l.publish(l.take(), 0, commit_log::followed::at_once);
  l.on.at_look = [&l, left = 9]() mutable {
    if (left == 0) return;
    l.publish(l.take(), 0, --left > 0 ? commit_log::followed::at_once : commit_log::followed::no);
  };
}

BOOST_AUTO_TEST_CASE(successive_transitions_are_waited_for_as_long_as_a_flush_takes) {
  logged l(std::chrono::milliseconds(1));
  l.publish(l.take());
  l.run(l.on.log);  // a flush: from one look to the next
  l.on.per_look = std::chrono::microseconds(40);
  follow_each_other(l);
  l.run(l.on.log);
  BOOST_TEST(l.log.groups() == 2u);
  BOOST_TEST(l.log.durable() == 11u);
}

BOOST_AUTO_TEST_CASE(successive_transitions_are_not_waited_for_longer_than_a_flush_takes) {
  logged l(std::chrono::microseconds(200));
  l.publish(l.take());
  l.run(l.on.log);
  l.on.per_look = std::chrono::microseconds(40);
  follow_each_other(l);
  l.run(l.on.log);
  BOOST_TEST(l.log.groups() > 2u);
  BOOST_TEST(l.log.durable() == 11u);
}

BOOST_AUTO_TEST_CASE(a_few_gates_open_on_the_thread_that_committed) {
  logged l;
  l.publish(l.take(), 16);
  l.run(l.on.log);
  BOOST_TEST(l.opened == 16);
  BOOST_TEST(l.on.outbox.empty());
}

BOOST_AUTO_TEST_CASE(many_gates_open_on_the_outbox) {
  logged l;
  l.publish(l.take(), 17);
  l.run(l.on.log);
  BOOST_TEST(l.opened == 0);
  l.run(l.on.outbox);
  BOOST_TEST(l.opened == 17);
}

// The disk does not wait for callbacks.
BOOST_AUTO_TEST_CASE(a_transition_published_while_a_few_gates_open_can_be_committed) {
  logged l;
  std::vector<gate> gates;
  gates.emplace_back([&](commit_outcome) {
    const auto next = l.take();
    l.publish(next, 1);
    l.run(l.on.log);  // another thread's, in production
    BOOST_TEST(l.log.durable() == next.at);
    BOOST_TEST(l.opened == 0);  // in its turn
  });
  l.log.publish(l.take(), {}, std::move(gates));
  l.run(l.on.log);
  BOOST_TEST(l.opened == 1);
  BOOST_TEST(l.on.outbox.empty());
}

// A position of before, and who has its number now.
BOOST_AUTO_TEST_CASE(a_position_that_was_lost_is_not_the_one_that_is_given_again) {
  logged l({}, second_is_lost);
  l.lose_second();
  const auto again = l.take();
  BOOST_TEST(again.at == 2u);
  l.publish(again);
  for (const bool written : {false, true}) {
    if (written) l.run(l.on.log);
    BOOST_TEST((l.outcome_of({0, 1}) == commit_outcome::durable));
    BOOST_TEST((l.outcome_of({0, 2}) == commit_outcome::not_applied));
    BOOST_TEST(!l.log.is_durable({0, 2}));
    BOOST_TEST(l.log.is_durable(again.horizon()) == written);
    if (written) BOOST_TEST((l.outcome_of(again.horizon()) == commit_outcome::durable));
    BOOST_TEST((l.outcome_of({0, 0}) == commit_outcome::durable));  // depends on nothing
  }
}

BOOST_AUTO_TEST_CASE(an_unknown_outcome_of_an_epoch_stays_unknown) {
  logged l;
  l.publish(l.take());
  l.run(l.on.log);
  l.publish(l.take());
  l.log.drop_all(commit_outcome::unknown);
  BOOST_TEST((l.outcome_of({0, 1}) == commit_outcome::durable));
  BOOST_TEST((l.outcome_of({0, 2}) == commit_outcome::unknown));
}

// Whoever published meanwhile saw a job that ran, and posted none.
BOOST_AUTO_TEST_CASE(a_transition_published_while_a_failed_commit_is_reported_is_committed) {
  logged l({}, second_is_lost);
  l.publish(l.take());
  l.run(l.on.log);
  l.failed = [&l] {
    l.restart_log();
    l.publish(l.take(), 1);
  };
  l.publish(l.take());
  l.run(l.on.log);
  BOOST_TEST(l.log.durable() == 2u);
  BOOST_TEST(l.opened == 1);
}

// Else what it still does, setting a timer, forgetting one, would be done to the epoch after its own.
BOOST_AUTO_TEST_CASE(a_new_epoch_waits_for_the_transitions_under_way) {
  logged l({}, second_is_lost);
  l.publish(l.take());
  l.run(l.on.log);
  const auto under_way = l.take();
  l.log.drop_all(commit_outcome::not_applied);
  std::atomic<bool> begun{false};
  std::thread begins([&] {
    l.log.begin(2, 1);
    begun = true;
  });
  for (int i = 0; i < 1'000; ++i) std::this_thread::yield();
  BOOST_TEST(!begun);
  l.publish(under_way, 1);
  begins.join();
  BOOST_TEST(l.opened == 1);
  BOOST_TEST(l.log.newest() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace reprise::runtime
