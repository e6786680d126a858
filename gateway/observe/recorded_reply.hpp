// A reply that is looked at as it passes: counted by its route and, where logs are kept, written down
// as one JSON object a line.
//
// The access log has every request, the audit log those that may change something, refused ones too.
// What is answered as a problem is given the path and the id of the trace, where there is one.
// Neither log has what a query or a body says: there are keys and secrets in them.
//
// Threads: as of a reply: any. Nothing here waits.

#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <string>

#include "gateway/observe/line_log.hpp"
#include "gateway/observe/request_metrics.hpp"
#include "gateway/wire/http_message.hpp"
#include "gateway/wire/route_kind.hpp"

namespace reprise::gateway {

struct request_logs {
  std::shared_ptr<line_log> access, audit;  // null: none is kept
};

class recorded_reply final : public reply::slot {
 public:
  recorded_reply(reply, std::shared_ptr<request_metrics>, const request_logs&, const http_request&,
                 route_kind);
  ~recorded_reply() override;

  const route_kind& kind() const noexcept { return kind_; }
  void known(const std::string& principal);  // before it is answered

  void send(http_response&&) override;
  void call_after(std::chrono::milliseconds t, std::function<void()> f) override {
    inner_.call_after(t, std::move(f));
  }

 private:
  using clock = std::chrono::steady_clock;

  void note(const http_response&);
  void write_down(const http_response&, std::chrono::nanoseconds took);

  const reply inner_;
  const std::shared_ptr<request_metrics> figures_;
  const clock::time_point began_ = clock::now();
  const route_kind kind_;
  std::atomic<bool> sent_{false};
  std::shared_ptr<line_log> access_, audit_;  // those that want this request
  std::string method_, path_, principal_;     // for them
  std::shared_ptr<const peer_info> from_;
  const trace_context trace_;
};

}  // namespace reprise::gateway
