#include "runtime/exec/simulated_executor.hpp"

#include "actors/actor/text.hpp"

namespace reprise::runtime {
simulated_executor::simulated_executor(std::uint64_t seed, time_point start)
    : random_(seed), now_(start) {
  for (auto name : {log_pool, outbox_pool, upkeep_pool}) pools_.emplace(name);
}

void simulated_executor::enqueue(std::shared_ptr<strand> next) {
  post(upkeep_pool, [this, next = std::move(next)] { next->run_now(*this); });
}

void simulated_executor::post(std::string_view, job j) {
  if (!stopped_) ready_.push_back(std::move(j));
}

void simulated_executor::arm(time_point due, job ring) {
  due_ = due;
  ring_ = std::move(ring);
}

void simulated_executor::stop() {
  run_until_idle();
  stopped_ = true;
  due_.reset();
  ring_ = {};
}

void simulated_executor::abandon() {
  stopped_ = true;
  // Destroying a job may release the last reference to a host, which posts nothing any more.
  while (!ready_.empty()) {
    const auto dropped = std::move(ready_.back());
    ready_.pop_back();
  }
  due_.reset();
  ring_ = {};
}

bool simulated_executor::step() {
  if (ready_.empty()) return false;
  ++steps_;
  std::swap(ready_[random_() % ready_.size()], ready_.back());
  auto next = std::move(ready_.back());
  ready_.pop_back();
  next();
  return true;
}

bool simulated_executor::advance_to_alarm() {
  if (!due_) return false;
  run_to(std::max(now_, *due_));
  due_.reset();
  post(upkeep_pool, std::move(ring_));
  return true;
}

void simulated_executor::advance(duration d) {
  const auto end = internal::later(now_, d);
  run_until_idle();
  while (due_ && *due_ <= end) {
    advance_to_alarm();
    run_until_idle();
  }
  run_to(end);
}

void simulated_executor::clock(time_point t) {
  now_ = t;
  if (!due_) return;
  due_.reset();
  post(upkeep_pool, std::move(ring_));
}

void simulated_executor::run_to(time_point t) {
  boot_ += t - now_;
  now_ = t;
}

}  // namespace reprise::runtime
