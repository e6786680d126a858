// Threads of a pool: as many as there is work for at once, and none that is not sent for.

#include <algorithm>
#include <atomic>
#include <barrier>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <future>
#include <latch>
#include <memory>
#include <random>
#include <utility>
#include <vector>

#include "runtime/exec/thread_pool.hpp"

using reprise::runtime::job;
using reprise::runtime::thread_pool;

BOOST_AUTO_TEST_SUITE(thread_pool_)

// Each waits for all others: with a thread too few this never ends.
BOOST_AUTO_TEST_CASE(jobs_that_block_get_all_the_threads) {
  constexpr int threads = 8;
  thread_pool pool("work", threads);
  for (int round = 0; round < 50; ++round) {
    const auto all = std::make_shared<std::barrier<>>(threads + 1);
    std::vector<job> jobs;
    for (int i = 0; i < threads; ++i) {
      job waits([all] { all->arrive_and_wait(); });
      if (round % 2 == 0) {
        pool.post(std::move(waits));
      } else {
        jobs.push_back(std::move(waits));
      }
    }
    pool.post_all(jobs);
    all->arrive_and_wait();
  }
}

BOOST_AUTO_TEST_CASE(a_pool_of_one_thread_runs_jobs_in_the_order_of_posting) {
  thread_pool pool("work", 1);
  std::vector<int> seen;
  std::latch end(1);
  for (int i = 0; i < 1000; ++i) pool.post([&seen, i] { seen.push_back(i); });
  pool.post([&end] { end.count_down(); });
  end.wait();
  BOOST_TEST(seen.size() == 1000u);
  BOOST_TEST(std::is_sorted(seen.begin(), seen.end()));
}

BOOST_AUTO_TEST_CASE(stopping_finishes_what_waits_or_drops_it) {
  std::atomic<int> ran{0};
  {
    thread_pool pool("work", 2);
    for (int i = 0; i < 1000; ++i) pool.post([&ran] { ++ran; });
    pool.stop(thread_pool::rest::finished);
    BOOST_TEST(ran == 1000);
    pool.post([&ran] { ++ran; });
  }
  BOOST_TEST(ran == 1000);
}

BOOST_AUTO_TEST_CASE(a_thread_that_is_lost_is_made_up_for) {
  thread_pool pool("work", 1);
  std::promise<void> began, stuck, ran;
  auto release = stuck.get_future().share();
  pool.post([&began, release] {
    began.set_value();
    release.wait();
  });
  began.get_future().wait();
  pool.post([&] { ran.set_value(); });
  auto done = ran.get_future();
  BOOST_TEST(pool.now().waiting == 1u);
  pool.grow(1);
  done.wait();  // for ever, were it not so: the lane's limit would end it
  BOOST_TEST(pool.now().size == 2u);
  stuck.set_value();
  pool.grow(-1);
  pool.stop(thread_pool::rest::finished);
}

// The thread whose job ends comes for one itself, and sends another after what it leaves.
BOOST_AUTO_TEST_CASE(jobs_posted_at_the_end_of_a_job_are_run_by_several_threads) {
  for (int round = 0; round < 200; ++round) {
    thread_pool pool("work", 2);
    std::latch both(2);
    std::promise<void> first, second;
    pool.post([&] {
      std::vector<job> jobs;
      jobs.emplace_back([&] {
        both.arrive_and_wait();  // for ever, had one thread both
        first.set_value();
      });
      jobs.emplace_back([&] {
        both.arrive_and_wait();
        second.set_value();
      });
      pool.post_at_end(jobs);
    });
    first.get_future().wait();
    second.get_future().wait();
  }
}

// Posts that meet a thread just as it gives up looking out must not be forgotten.
BOOST_AUTO_TEST_CASE(a_post_is_seen_whenever_it_comes) {
  thread_pool pool("work", 1);
  std::minstd_rand chance(1);
  for (int i = 0; i < 3000; ++i) {
    std::promise<void> ran;
    pool.post([&ran] { ran.set_value(); });
    ran.get_future().wait();
    const auto pause = std::chrono::microseconds(250 + chance() % 100);  // around its end
    for (const auto end = std::chrono::steady_clock::now() + pause;
         std::chrono::steady_clock::now() < end;) {
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
