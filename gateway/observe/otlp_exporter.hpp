// Exports spans to a collector by OTLP/HTTP in JSON, from a thread of its own: append() only puts a
// span into a bounded queue. Spans that do not fit, and spans that the collector does not accept after
// some attempts, are dropped and counted.
//
// Threads: any. Failure: cause::invalid if the endpoint is not a URL.

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
  log_sink log{};  // notified when the collector stops accepting spans, and resumes

  // Limits.
  std::size_t waiting = 8'192;  // spans in memory: about 4 MiB
  std::size_t batch = 512;      // spans per request
  unsigned attempts = 4;
  std::chrono::milliseconds pause{1'000};       // how long a batch waits to fill up
  std::chrono::milliseconds back_off{250};      // before the second attempt; doubles each time
  std::chrono::milliseconds patience{5'000};    // timeout of one request
  std::chrono::milliseconds last_words{1'000};  // for all waiting spans at shutdown; +1 s at most
};

class otlp_exporter {
 public:
  static result<std::shared_ptr<otlp_exporter>> open(otlp_options);
  ~otlp_exporter();  // sends the waiting spans, for at most `last_words`

  void append(span);
  std::uint64_t exported() const noexcept { return exported_.load(std::memory_order_relaxed); }
  std::uint64_t dropped() const noexcept { return dropped_.load(std::memory_order_relaxed); }

  otlp_exporter(const otlp_exporter&) = delete;
  otlp_exporter& operator=(const otlp_exporter&) = delete;

 private:
  using clock = std::chrono::steady_clock;
  class sender;  // the HTTP client: keeps libcurl out of this header

  explicit otlp_exporter(otlp_options);
  void run();
  bool deliver(sender&, const std::vector<span>&);
  bool rest(std::chrono::milliseconds);  // sleeps; false: shutting down
  void note(const std::string& why);     // records why the last attempt failed; "": it succeeded
  std::chrono::milliseconds time_left() const;

  const otlp_options options_;
  std::atomic<std::uint64_t> exported_{0}, dropped_{0};
  std::atomic<bool> ends_{false};
  std::atomic<clock::time_point> end_{clock::time_point::max()};
  bool takes_ = true;  // the collector accepted the last batch; used by the thread only
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<span> waiting_;
  std::thread thread_;  // last: it uses the members above
};

}  // namespace reprise::gateway
