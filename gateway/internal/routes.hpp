// Which request does what: the one handler behind the server.
//
// Checks what concerns every route (whose host this is, whether a web page of another origin sent
// it), then hands over to the Durable Functions routes or those of /v1, or answers health
// itself.
//
// Threads: any. Lifetime: the node must outlive the calls; answers come on the node's threads.

#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "gateway/internal/exchange.hpp"
#include "gateway/internal/target.hpp"
#include "gateway/limits.hpp"
#include "runtime/node.hpp"

namespace reprise::gateway {

struct route_options {
  // Names under which this server may be addressed, without port. A page of a stranger can make its
  // own name point to 127.0.0.1; then Host still says the stranger's name. Empty: any name.
  std::vector<std::string> hosts = {"localhost", "127.0.0.1", "[::1]"};
  std::string url;  // of the server, for requests without a Host
  gateway::limits limits;
};

// One request on its way through a route. Shared by the callbacks that answer it.
struct exchange {
  node& on;
  const route_options& options;
  incoming request;
  target where;
  reply answer;

  std::string base() const;  // http://host:port, as the client wrote it
};

class routes {
 public:
  routes(node& on, route_options options);

  void operator()(incoming, reply);
  void drain() noexcept { draining_ = true; }  // /readyz turns red

  routes(const routes&) = delete;
  routes& operator=(const routes&) = delete;

 private:
  bool is_ours(std::string_view host) const noexcept;
  outgoing health(std::string_view which) const;

  node& node_;
  route_options options_;
  std::atomic<bool> draining_ = false;
};

}  // namespace reprise::gateway
