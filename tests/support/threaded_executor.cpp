#include "tests/support/threaded_executor.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace reprise::testing {
namespace {

constexpr std::string_view workers_pool = "worker", timer_pool = "timer";
constexpr duration soon = std::chrono::seconds(2);

}  // namespace

using rest = runtime::thread_pool::rest;

threaded_executor::threaded_executor(unsigned workers)
    : now_(std::chrono::sys_days(std::chrono::year(2026) / 11 / 23)) {
  add_pool(std::string(workers_pool), workers);
  add_pool(std::string(runtime::log_pool), 2);
  for (const auto name : {runtime::outbox_pool, runtime::upkeep_pool, timer_pool})
    add_pool(std::string(name), 1);
}

void threaded_executor::add_pool(std::string name, unsigned threads) {
  auto pool = std::make_unique<runtime::thread_pool>(name, threads);
  pools_.try_emplace(std::move(name), std::move(pool));
}

void threaded_executor::enqueue(std::shared_ptr<runtime::strand> next) {
  {
    std::lock_guard lock(mutex_);
    if (stopped_) return;
    ++strands_;
  }
  post(workers_pool, [this, next = std::move(next)]() mutable {
    next->run_now(*this);
    next.reset();
    std::lock_guard lock(mutex_);
    if (--strands_ == 0) quiet_.notify_all();
  });
}

void threaded_executor::post(std::string_view pool, runtime::job j) {
  find(pool).post(std::move(j));
}

time_point threaded_executor::now() {
  std::lock_guard lock(mutex_);
  return now_;
}

void threaded_executor::arm(time_point due, runtime::job ring) {
  std::lock_guard lock(mutex_);
  ring_ = {};
  if (due > now_ + soon) return;
  now_ = std::max(now_, due);
  ring_ = std::move(ring);
  post(timer_pool, [this] { this->ring(); });
}

// Rings the alarm that is armed now, whichever call posted this: an earlier alarm was replaced.
void threaded_executor::ring() {
  runtime::job ring;
  {
    std::lock_guard lock(mutex_);
    ring = std::exchange(ring_, {});
  }
  if (ring) ring();
}

void threaded_executor::stop() {
  find(timer_pool).stop(rest::finished);
  find(runtime::upkeep_pool).stop(rest::finished);
  {
    std::unique_lock lock(mutex_);
    quiet_.wait(lock, [this] { return strands_ == 0; });
    stopped_ = true;
  }
  for (const auto pool : {workers_pool, runtime::log_pool, runtime::outbox_pool})
    find(pool).stop(rest::finished);
  for (const auto& [name, pool] : pools_) pool->stop(rest::abandoned);
}

}  // namespace reprise::testing
