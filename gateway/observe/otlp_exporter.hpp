// Sends spans to a collector by OTLP/HTTP in JSON, from a thread of its own: whoever has a span to tell
// of appends it to a bounded queue and goes on. What does not fit, and what the collector does not take
// after some attempts, is dropped and counted.
//
// Threads: any. Failure: cause::invalid when the endpoint is no URL.

#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "actors/failure.hpp"
#include "runtime/log_sink.hpp"
#include "runtime/span.hpp"

namespace reprise::gateway {

struct otlp_options {
  std::string endpoint;             // http(s)://HOST:PORT[/path]; spans go to /v1/traces below it
  std::string service = "reprise";  // service.name
  log_sink log{};                   // told when the collector takes no more, and when it does again

  // Limits.
  std::size_t waiting = 8'192;  // spans in memory: some 4 MiB
  std::size_t batch = 512;      // spans of one request
  unsigned attempts = 4;
  std::chrono::milliseconds pause{1'000};       // a batch that is not full waits for more as long
  std::chrono::milliseconds back_off{250};      // before the second attempt, then twice that
  std::chrono::milliseconds patience{5'000};    // for one request
  std::chrono::milliseconds last_words{1'000};  // at the end, for all; a second more at most
};

class otlp_exporter {
 public:
  static result<std::shared_ptr<otlp_exporter>> open(otlp_options);
  ~otlp_exporter();  // sends what waits, for as long as `last_words`

  void append(span);
  std::uint64_t exported() const noexcept { return exported_.load(std::memory_order_relaxed); }
  std::uint64_t dropped() const noexcept { return dropped_.load(std::memory_order_relaxed); }

  otlp_exporter(const otlp_exporter&) = delete;
  otlp_exporter& operator=(const otlp_exporter&) = delete;

 private:
  using clock = std::chrono::steady_clock;
  class sender;  // of one request: keeps libcurl out of here

  explicit otlp_exporter(otlp_options);
  void run();
  bool deliver(sender&, const std::vector<span>&);
  bool rest(std::chrono::milliseconds);  // false: it is to end
  void note(const std::string& why);     // of the last attempt; empty: it was taken
  std::chrono::milliseconds time_left() const;

  const otlp_options options_;
  std::atomic<std::uint64_t> exported_{0}, dropped_{0};
  std::atomic<bool> ends_{false};
  std::atomic<clock::time_point> end_{clock::time_point::max()};
  bool takes_ = true;  // the thread's own: the collector took the last batch
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<span> waiting_;
  std::thread thread_;  // last: it uses what is above
};

}  // namespace reprise::gateway
