#include "tests/bench/closed_loop.hpp"

#include <utility>

namespace reprise::bench {

closed_loop::closed_loop(std::size_t callers, send how)
    : send_(std::move(how)), callers_(callers), in_flight_(callers) {
  begin_ = clock::now();
  for (std::size_t i = 0; i < callers; ++i) next(i);
}

closed_loop::~closed_loop() { stop(); }

void closed_loop::measure() {
  begin_ = clock::now();
  ++phase_;
}

void closed_loop::stop() {
  std::unique_lock lock(mutex_);
  if (!stopping_.exchange(true)) end_ = clock::now();
  idle_.wait(lock, [this] { return in_flight_ == 0; });
}

void closed_loop::finish() {
  std::unique_lock lock(mutex_);
  idle_.wait(lock, [this] { return in_flight_ == 0; });
}

double closed_loop::seconds() const { return std::chrono::duration<double>(end_ - begin_).count(); }

std::vector<float> closed_loop::take_micros() {
  std::vector<float> all;
  for (auto& each : callers_)
    if (each.phase == phase_) all.insert(all.end(), each.micros.begin(), each.micros.end());
  return all;
}

void closed_loop::next(std::size_t index) {
  callers_[index].sent = clock::now();
  send_(index, [this, index](bool good) { answer(index, good); });
}

void closed_loop::answer(std::size_t index, bool good) {
  auto& self = callers_[index];
  const auto now = clock::now();
  const auto phase = phase_.load(std::memory_order_relaxed);
  const bool stopping = stopping_.load(std::memory_order_relaxed);
  if (self.phase != phase) {  // what was sent before the phase began is not in it
    self.phase = phase;
    self.micros.clear();
  } else if (!stopping) {
    self.micros.push_back(std::chrono::duration<float, std::micro>(now - self.sent).count());
  }
  ++answered_;
  if (!good) ++failures_;
  if (good && !stopping) return next(index);
  std::lock_guard lock(mutex_);
  if (--in_flight_ == 0) idle_.notify_all();
}

std::size_t run_each(std::size_t count, std::size_t at_once, const closed_loop::send& send) {
  std::atomic<std::size_t> next{0}, failed{0};
  closed_loop loop(at_once, [&](std::size_t, closed_loop::done done) {
    const auto index = next++;
    if (index >= count) return done(false);  // this caller ends
    send(index, [&failed, done = std::move(done)](bool good) {
      if (!good) ++failed;
      done(true);
    });
  });
  loop.finish();
  return failed;
}

void wait(double seconds) {
  std::mutex mutex;
  std::condition_variable never;
  std::unique_lock lock(mutex);
  never.wait_for(lock, std::chrono::duration<double>(seconds), [] { return false; });
}

}  // namespace reprise::bench
