// Wraps a reply to record its response: counts it by route and, where logs are kept, logs it as one
// JSON object per line.
//
// The access log has every request, the audit log every request that is not a GET, refused ones too.
// Neither has queries or bodies, which contain keys and secrets. If the request has a trace, its path
// and the trace id are added to a problem.
//
// Threads: any. Never blocks on I/O.

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
  std::shared_ptr<line_log> access, audit;  // null: not kept
};

class recorded_reply final : public reply::slot {
 public:
  recorded_reply(reply, std::shared_ptr<request_metrics>, const request_logs&, const http_request&,
                 route_kind);
  ~recorded_reply() override;

  const route_kind& kind() const noexcept { return kind_; }
  void known(const std::string& principal);  // sets who asked; call it before the response

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
  std::shared_ptr<line_log> access_, audit_;  // the logs that get this request, else null
  std::string method_, path_, principal_;     // for the logs
  std::shared_ptr<const peer_info> from_;
  const trace_context trace_;
};

}  // namespace reprise::gateway
