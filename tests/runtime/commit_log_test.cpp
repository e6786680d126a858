// Which positions share a flush, and on whose thread gates open.

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <deque>
#include <functional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "persistence/memory_store.hpp"
#include "runtime/internal/commit_log.hpp"

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
  explicit logged(duration per_look = {})
      : on(per_look), log(store, on, {[] { return time_point{}; }, {}}) {}

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

  persistence::memory_store store;
  held_executor on;
  commit_log log;
  int opened = 0;
};

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

BOOST_AUTO_TEST_CASE(one_that_does_not_come_is_not_waited_for) {
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

BOOST_AUTO_TEST_CASE(those_that_follow_each_other_are_waited_for_as_long_as_a_flush_takes) {
  logged l(std::chrono::milliseconds(1));
  l.publish(l.take());
  l.run(l.on.log);  // a flush: from one look to the next
  l.on.per_look = std::chrono::microseconds(40);
  follow_each_other(l);
  l.run(l.on.log);
  BOOST_TEST(l.log.groups() == 2u);
  BOOST_TEST(l.log.durable() == 11u);
}

BOOST_AUTO_TEST_CASE(those_that_follow_each_other_are_not_waited_for_longer_than_a_flush_takes) {
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
BOOST_AUTO_TEST_CASE(what_is_published_while_a_few_gates_open_can_be_committed) {
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

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace reprise::runtime
