// Runs attempts of activities on named pools and brings their results to the instances.
//
// The record of the request is the instance's; here is only what runs now. An attempt that is still
// running when the log starts anew is adopted: it is not started twice. Results come from outside:
// if one is lost with the process, its activity runs again.
//
// Threads: any; user code runs on the pools. Results of attempts that outlive the engine go
// nowhere.

#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <tuple>

#include "runtime/internal/message.hpp"
#include "runtime/internal/records.hpp"

namespace reprise::runtime {

class engine;

class activity_service {
 public:
  explicit activity_service(engine&);
  ~activity_service();

  // One attempt at the activity step `what.what` of an instance. Does nothing when it runs already.
  void start(const std::string& instance, const internal::generation&, std::uint64_t step,
             const records::request& what);
  // Tells a running attempt that nobody waits for it any more.
  void cancel(const std::string& instance, const internal::generation&, std::uint64_t step);

 private:
  using place = std::tuple<std::string, internal::generation, std::uint64_t>;

  // Shared with the jobs, so that one that ends after the engine finds nobody.
  struct shared {
    std::mutex mutex;
    engine* owner;
    std::map<place, std::stop_source> running;  // and how to tell it that nobody waits
  };
  // The time; nothing when the engine is gone.
  static std::optional<time_point> began(shared&, const place&);
  static void finish(shared&, const place&, result<payload>);

  engine& engine_;
  const std::shared_ptr<shared> shared_;
};

}  // namespace reprise::runtime
