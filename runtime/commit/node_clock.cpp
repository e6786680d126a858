#include "runtime/commit/node_clock.hpp"

#include <algorithm>

namespace reprise::runtime {
namespace {

// Threads that read the clock concurrently see it this much apart; it does not mean that the clock was
// set.
constexpr duration at_rest = std::chrono::milliseconds(10);
constexpr duration a_step = std::chrono::minutes(1);
constexpr duration pause = std::chrono::minutes(10);
constexpr duration far = std::chrono::hours(1);

constexpr duration slower(duration d) { return d * 9 / 10; }
constexpr duration needed_for(duration d) { return (d * 10 + duration(8)) / 9; }  // rounded up

}  // namespace

time_point node_clock::at(time_point real) {
  if (real >= newest() && !behind_.load(std::memory_order_relaxed)) {
    follow(real);
    return std::max(real, newest());
  }
  if (newest() - real < at_rest && !behind_.load(std::memory_order_relaxed)) return newest();
  return catch_up(real);
}

void node_clock::follow(time_point node) {
  const auto to = node.time_since_epoch().count();
  auto at = newest_.load();
  while (to > at && !newest_.compare_exchange_weak(at, to)) {
  }
}

time_point node_clock::catch_up(time_point real) {
  const std::scoped_lock lock(mutex_);
  const auto boot = exec_.boot_time();
  if (real >= newest()) {
    since_.reset();
    behind_ = false;
    follow(real);
  } else {
    if (!since_) since_ = anchor{newest(), boot};
    behind_ = true;
    follow(since_->node + slower(boot - since_->boot));
  }
  return newest();
}

void node_clock::begin(time_point recorded) {
  follow(recorded);
  const std::scoped_lock lock(mutex_);
  const auto boot = exec_.boot_time();
  offset_ = exec_.now().time_since_epoch() - boot;
  remember_until_ = boot + pause;
}

time_point node_clock::real_time_of(time_point due) {
  const auto node = now();
  if (!behind_.load(std::memory_order_relaxed)) return due;
  return exec_.now() + needed_for(std::clamp(due - node, duration(0), far));
}

bool node_clock::may_forget() {
  const std::scoped_lock lock(mutex_);
  const auto boot = exec_.boot_time();
  const auto offset = exec_.now().time_since_epoch() - boot;
  if (offset - offset_ > a_step) remember_until_ = boot + pause;
  offset_ = offset;
  return boot >= remember_until_;
}

}  // namespace reprise::runtime
