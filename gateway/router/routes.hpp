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
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "gateway/api/change_hub.hpp"
#include "gateway/access/door.hpp"
#include "gateway/wire/exchange.hpp"
#include "gateway/observe/request_figures.hpp"
#include "gateway/wire/target.hpp"
#include "gateway/server/traffic.hpp"
#include "gateway/observe/watched_reply.hpp"
#include "gateway/limits.hpp"
#include "runtime/node.hpp"

namespace reprise::gateway {

class otlp_exporter;

struct route_options {
  // Names under which this server may be addressed, without port. A page of a stranger can make its
  // own name point to 127.0.0.1; then Host still says the stranger's name. Empty: any name.
  std::vector<std::string> hosts = {"localhost", "127.0.0.1", "[::1]"};
  // Of pages that may send requests beside the server's own: https://shop.example, where a proxy speaks
  // TLS for this server.
  std::vector<std::string> origins{};
  std::string data;                     // folder of the node; "" when it has none
  std::string url;                      // of the server, for requests without a Host
  std::shared_ptr<gateway::door> door;  // null: nobody is asked who he is
  request_logs logs;
  std::shared_ptr<otlp_exporter> spans;                         // null: no trace is begun here
  std::shared_ptr<traffic> seen = std::make_shared<traffic>();  // shared with the server
  gateway::limits limits;
};

// One request on its way through a route. Shared by the callbacks that answer it.
struct exchange {
  exchange(node& n, const route_options& o, incoming&& asked, target&& t, reply r, change_hub& c,
           std::optional<signed_url> url = {})
      : on(n),
        options(o),
        request(std::move(asked)),
        where(std::move(t)),
        answer(std::move(r)),
        changes(c),
        by(std::move(url)) {}

  node& on;
  const route_options& options;
  incoming request;
  target where;
  reply answer;
  change_hub& changes;
  std::optional<signed_url> by;  // that the request came by

  std::string base() const;  // http(s)://host:port, as the client wrote it
};

class routes {
 public:
  routes(node& on, route_options options);

  void operator()(incoming&&, reply);
  void turn_red();  // /readyz says that the server is stopping; everything is still served
  void drain();     // that, and streams hear of nothing any more

  routes(const routes&) = delete;
  routes& operator=(const routes&) = delete;

 private:
  bool is_ours(std::string_view host) const noexcept;
  bool may_send(const incoming&) const noexcept;  // the page that it comes from
  static outgoing options_of(const target&);
  outgoing health(std::string_view which) const;
  void refuse(const reply&, std::string_view reason, outgoing&&) const;
  void admit(incoming&&, target&&, const std::shared_ptr<watched_reply>&);
  void dispatch(const std::shared_ptr<exchange>&) const;
  void dispatch_if(const std::shared_ptr<exchange>&, const route_kind&,
                   std::shared_ptr<const principal>) const;

  node& node_;
  route_options options_;
  const std::shared_ptr<request_figures> figures_;
  mutable change_hub changes_;
  std::atomic<bool> draining_ = false;
};

}  // namespace reprise::gateway
