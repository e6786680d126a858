// What an activity may know about its call: an identity that is the same for every attempt and
// after every restart, so that the outside world can be made idempotent with it; whether anybody still
// waits; and where it says how far it is.

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

// The fields of W3C Trace Context for what an activity asks of others, so that its trace goes on there.
// Empty: there is none.
struct trace_fields {
  std::string traceparent, tracestate;
};

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

  const std::string& id() const noexcept { return id_; }
  std::uint32_t attempt() const noexcept { return attempt_; }  // counts from 1
  // The answer is no longer wanted: a long computation may stop. Ignoring it is allowed.
  bool cancelled() const noexcept { return cancel_.stop_requested(); }
  const std::stop_token& stop() const noexcept { return cancel_; }
  // Its cause is this attempt. Durable HTTP calls send it by themselves.
  const trace_fields& trace() const noexcept { return trace_; }

  // How far it is: shown with the instance's status until the next report; kept in memory only.
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
