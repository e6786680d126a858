// Which request does what: the one handler behind the server.
//
// Checks what concerns every route (whose host this is, whether a web page of another origin sent
// it, who asks and whether he may), then hands over to the Durable Functions routes or those of /v1,
// or answers health and OPTIONS itself, of which nobody is asked who he is. Everything else is counted, and
// written down where logs are kept.
//
// Threads: any. Lifetime: the node must outlive the calls; answers come on the node's threads.

#pragma once

#include <atomic>
#include <memory>
#include <string_view>

#include "gateway/api/request_context.hpp"
#include "gateway/observe/request_metrics.hpp"

namespace reprise::gateway {

class routes {
 public:
  routes(node& on, route_options options);

  void operator()(http_request&&, reply);
  void turn_red();  // /readyz says that the server is stopping; everything is still served
  void drain();     // that, and streams hear of nothing any more

  routes(const routes&) = delete;
  routes& operator=(const routes&) = delete;

 private:
  bool is_ours(std::string_view host) const noexcept;
  bool may_send(const http_request&) const noexcept;  // the page that it comes from
  static http_response options_of(const target&);
  http_response health(std::string_view which) const;
  void refuse(const reply&, std::string_view reason, http_response&&) const;
  void admit(http_request&&, target&&, const std::shared_ptr<recorded_reply>&);
  void dispatch(const std::shared_ptr<request_context>&) const;
  void dispatch_if(const std::shared_ptr<request_context>&, const route_kind&,
                   std::shared_ptr<const principal>) const;

  node& node_;
  route_options options_;
  const std::shared_ptr<request_metrics> figures_;
  mutable change_hub changes_;
  std::atomic<bool> draining_ = false;
};

}  // namespace reprise::gateway
