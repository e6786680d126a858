// The executor of production: where a strand runs that a strand, a gate or an activity has made ready.

#include <pthread.h>

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <future>
#include <latch>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "runtime/exec/executor.hpp"

namespace reprise::runtime {
namespace {

class told final : public strand {
 public:
  explicit told(std::function<void()> what) : what_(std::move(what)) {}

 private:
  void run() override { what_(); }
  const std::function<void()> what_;
};

std::shared_ptr<strand> strand_of(std::function<void()> what) {
  return std::make_shared<told>(std::move(what));
}

BOOST_AUTO_TEST_SUITE(caf_executors)

BOOST_AUTO_TEST_CASE(the_last_act_of_an_activity_runs_on_its_thread) {
  const auto on = make_caf_executor(2);
  on->add_pool("work", 1);
  std::promise<std::thread::id> ran;
  std::thread::id of_job;
  std::atomic<bool> begun = false;
  bool begun_within_the_job = true;
  const auto next = strand_of([&] {
    begun = true;
    ran.set_value(std::this_thread::get_id());
  });
  auto heard = ran.get_future();
  on->post("work", [&] {
    of_job = std::this_thread::get_id();
    on->run_next_inline();
    next->wake(*on);
    begun_within_the_job = begun;
  });
  BOOST_TEST((heard.get() == of_job));
  on->stop();
  BOOST_TEST(!begun_within_the_job);
}

// Without the word that the job ends it would wait for as long as the activity goes on.
BOOST_AUTO_TEST_CASE(a_strand_does_not_wait_for_an_activity_that_goes_on) {
  const auto on = make_caf_executor(2);
  on->add_pool("work", 1);
  std::promise<void> ran;
  const auto next = strand_of([&] { ran.set_value(); });
  std::promise<void> ended;
  on->post("work", [&] {
    next->wake(*on);
    ran.get_future().wait();
    ended.set_value();
  });
  ended.get_future().wait();
  on->stop();
}

// Only the first: the thread has its pool's next job to see to.
BOOST_AUTO_TEST_CASE(further_strands_woken_by_an_activity_go_to_workers) {
  const auto on = make_caf_executor(2);
  on->add_pool("work", 1);
  std::latch both(2);
  const auto one = strand_of([&] { both.arrive_and_wait(); });
  const auto other = strand_of([&] { both.arrive_and_wait(); });
  on->post("work", [&] {
    on->run_next_inline();
    one->wake(*on);
    other->wake(*on);
  });
  both.wait();  // for ever, did one thread run both
  on->stop();
}

// Turns of stopped nodes would write to a log that is gone.
BOOST_AUTO_TEST_CASE(stopping_waits_for_a_strand_on_the_thread_of_an_activity) {
  for (int round = 0; round < 200; ++round) {
    auto on = make_caf_executor(1);
    on->add_pool("work", 2);
    std::atomic<bool> running{false};
    std::promise<void> posted;
    const auto next = strand_of([&] {
      running = true;
      std::this_thread::yield();
      running = false;
    });
    on->post("work", [&, e = on.get()] {
      e->run_next_inline();
      next->wake(*e);
      posted.set_value();
    });
    posted.get_future().wait();
    on->stop();
    BOOST_TEST(!running);
    on.reset();
  }
}

// The thread that comes for it is not the one that goes on.
BOOST_AUTO_TEST_CASE(a_strand_on_the_thread_of_an_activity_shares_too) {
  const auto on = make_caf_executor(1);
  on->add_pool("work", 2);
  std::promise<void> job_ran, ended;
  const auto next = strand_of([&] {
    on->post("work", [&] { job_ran.set_value(); });
    on->share();
    job_ran.get_future().wait();  // for ever, were it left to this thread
    ended.set_value();
  });
  on->post("work", [&] {
    on->run_next_inline();
    next->wake(*on);
  });
  ended.get_future().wait();
  on->stop();
}

// A strand that goes on for long must not keep to itself what it has made ready.
BOOST_AUTO_TEST_CASE(work_shared_by_a_strand_runs_before_the_strand_ends) {
  const auto on = make_caf_executor(2);
  on->add_pool("work", 1);
  std::promise<void> other_ran, job_ran, ended;
  const auto other = strand_of([&] { other_ran.set_value(); });
  const auto first = strand_of([&] {
    other->wake(*on);
    on->post("work", [&] { job_ran.set_value(); });
    on->share();
    other_ran.get_future().wait();  // for ever, were it kept
    job_ran.get_future().wait();
    ended.set_value();
  });
  first->wake(*on);
  ended.get_future().wait();
  on->stop();
}

BOOST_AUTO_TEST_CASE(threads_have_the_name_of_their_work) {
  const auto on = make_caf_executor(1);
  on->add_pool("a name that is long", 1);
  const auto name_in = [](const std::function<void(job)>& to) {
    std::promise<std::string> ran;
    to([&ran] {
      char name[16] = {};
      ::pthread_getname_np(::pthread_self(), name, sizeof name);
      ran.set_value(name);
    });
    return ran.get_future().get();
  };
  const auto in_pool = [&](std::string_view pool) {
    return name_in([&](job j) { on->post(pool, std::move(j)); });
  };
  BOOST_TEST(in_pool(log_pool) == "log");
  BOOST_TEST(in_pool(outbox_pool) == "outbox");
  BOOST_TEST(in_pool(upkeep_pool) == "upkeep");
  BOOST_TEST(in_pool("a name that is long") == "a name that is ");
  BOOST_TEST(name_in([&](job j) { on->arm(on->now(), std::move(j)); }) == "timer");
  std::shared_ptr<strand> kept;
  BOOST_TEST(name_in([&](job j) {
               kept = strand_of([j = std::make_shared<job>(std::move(j))] { (*j)(); });
               kept->wake(*on);
             }) == "worker");
  on->stop();
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace reprise::runtime
