// The router: the handler of the server, which dispatches each request to its surface.
//
// Checks what concerns every route: Host, Origin, credential and scope. Then dispatches to the routes
// of Durable Functions or of /v1. Answers /livez, /readyz and OPTIONS itself, without authentication,
// metrics or log lines; every other request is counted and, where logs are kept, logged.
//
// Threads: any. Lifetime: the node must outlive the calls; responses come on the node's threads.

#pragma once

#include <memory>
#include <string_view>

#include "gateway/api/request_context.hpp"
#include "gateway/observe/request_metrics.hpp"

namespace reprise::gateway {

class routes {
 public:
  routes(node& on, route_options options);

  void operator()(http_request&&, reply);
  void turn_red();  // /readyz answers 503 from now on; all routes are still served
  void drain();     // turn_red(), and streams get no more changes

  routes(const routes&) = delete;
  routes& operator=(const routes&) = delete;

 private:
  bool is_ours(std::string_view host) const noexcept;
  bool may_send(const http_request&) const noexcept;  // whether its Origin is allowed
  static http_response options_of(const target&);
  void refuse(const reply&, std::string_view reason, http_response&&) const;
  void admit(http_request&&, target&&, const std::shared_ptr<recorded_reply>&);
  static void dispatch(const shared_request&);
  void dispatch_if(const shared_request&, const route_kind&,
                   std::shared_ptr<const principal>) const;

  server_context server_;
};

}  // namespace reprise::gateway
