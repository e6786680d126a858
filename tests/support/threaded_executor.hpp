// Real threads without CAF, so that ThreadSanitizer can watch them, and a clock that nobody waits
// for: an alarm due within two seconds rings at once, a later one never.
//
// Threads: as in executor.hpp.

#pragma once

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/exec/executor.hpp"
#include "runtime/exec/thread_pool.hpp"

namespace reprise::testing {

class threaded_executor final : public runtime::executor {
 public:
  explicit threaded_executor(unsigned workers);
  ~threaded_executor() override { stop(); }

  void enqueue(std::shared_ptr<runtime::strand>) override;
  void add_pool(std::string name, unsigned threads) override;
  bool has_pool(std::string_view name) const override { return pools_.contains(name); }
  void post(std::string_view pool, runtime::job) override;
  std::vector<pool_status> pools() const override { return {}; }
  void grow_pool(std::string_view pool, int by) override { find(pool).grow(by); }
  time_point now() override;
  duration boot_time() override { return now() - time_point{}; }
  void arm(time_point due, runtime::job ring) override;
  bool simulated() const noexcept override { return false; }
  void stop() override;
  void abandon() override { stop(); }

 private:
  runtime::thread_pool& find(std::string_view pool) { return *pools_.find(pool)->second; }
  void ring();

  std::mutex mutex_;
  std::condition_variable quiet_;
  std::size_t strands_ = 0;  // waiting or running
  bool stopped_ = false;
  time_point now_;
  runtime::job ring_;  // empty: nothing is armed
  // Constant once threads run.
  std::map<std::string, std::unique_ptr<runtime::thread_pool>, std::less<>> pools_;
};

}  // namespace reprise::testing
