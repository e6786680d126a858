// An executor for tests: one thread, a seed, and a clock that only the test moves. Every run with the
// same seed is identical.
//
// Runs ready work in an order drawn from the seed: strands, commits, loads, activities and gates
// interleave in ways that real threads show once in a million runs. Not for production: it has no
// threads.

#pragma once

#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "runtime/exec/executor.hpp"

namespace reprise::runtime {

class simulated_executor final : public executor {
 public:
  explicit simulated_executor(std::uint64_t seed, time_point start);

  void enqueue(std::shared_ptr<strand>) override;
  void add_pool(std::string name, unsigned) override { pools_.insert(std::move(name)); }
  bool has_pool(std::string_view name) const override { return pools_.find(name) != pools_.end(); }
  void post(std::string_view pool, job) override;
  std::vector<pool_status> pools() const override { return {}; }
  void grow_pool(std::string_view, int) override {}
  time_point now() override { return now_; }
  duration boot_time() override { return boot_; }
  void arm(time_point due, job ring) override;
  bool simulated() const noexcept override { return true; }
  void stop() override;
  void abandon() override;

  // Runs one of the ready jobs; false if none is ready.
  bool step();
  void run_until_idle() {
    while (step()) {
    }
  }
  // Moves the clock to the armed alarm and rings it; false if none is armed.
  bool advance_to_alarm();
  void advance(duration d);  // rings what becomes due meanwhile, in order
  std::optional<time_point> alarm() const { return due_; }
  void clock(time_point t);  // sets the clock forward or back: no time passes, and the alarm rings
  std::uint64_t steps() const noexcept { return steps_; }

 private:
  void run_to(time_point);

  std::mt19937_64 random_;
  time_point now_;
  duration boot_{0};
  std::set<std::string, std::less<>> pools_;
  std::vector<job> ready_;
  std::optional<time_point> due_;
  job ring_;
  std::uint64_t steps_ = 0;
  bool stopped_ = false;
};

}  // namespace reprise::runtime
