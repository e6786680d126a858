// What an activity knows about its call: an identity that is the same for every attempt and after
// every restart, to use as an idempotency key outside; whether the answer is still wanted; and a
// place to report progress.

#pragma once

#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>
#include <utility>

#include "actors/codec.hpp"

namespace reprise {

namespace internal {
std::string json_text(const payload_type&, const payload&);  // moment.hpp
}

// The W3C Trace Context fields to send with outgoing requests, so that the trace continues there.
// Empty when there is no trace.
struct trace_fields {
  std::string traceparent, tracestate;
};

// The last, optional parameter of an activity. Valid during the call. A test makes one from an id.
//   reprise::result<Receipt> charge(const Bill&, reprise::attempt_context& here);
class attempt_context {
 public:
  using progress_sink = std::function<void(std::string json_text)>;

  explicit attempt_context(std::string id, std::uint32_t attempt = 1, std::stop_token cancel = {},
                           progress_sink report = {}, trace_fields trace = {})
      : id_(std::move(id)),
        attempt_(attempt),
        cancel_(std::move(cancel)),
        report_(std::move(report)),
        trace_(std::move(trace)) {}

  // Identifies the step: the same for every attempt and after every restart. Use it as an
  // idempotency key.
  const std::string& id() const noexcept { return id_; }
  std::uint32_t attempt() const noexcept { return attempt_; }  // counts from 1
  // Returns whether the answer is no longer wanted. A long computation may then stop; ignoring it
  // is allowed.
  bool cancelled() const noexcept { return cancel_.stop_requested(); }
  // For code that waits on a stop token.
  const std::stop_token& stop() const noexcept { return cancel_; }
  // The trace context of this attempt. Durable HTTP calls send it by themselves.
  const trace_fields& trace() const noexcept { return trace_; }

  // Reports progress. Shown with the instance's status until the next report; kept in memory only.
  template <plain T>
  void report(const T& progress) {
    if (report_) report_(internal::json_text(type_of<T>(), codec<T>::encode(value<T>(progress))));
  }

 private:
  std::string id_;
  std::uint32_t attempt_;
  std::stop_token cancel_;
  progress_sink report_;
  trace_fields trace_;
};

}  // namespace reprise
