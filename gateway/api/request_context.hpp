// One request in progress, and what all requests of its server share.
//
// Threads: any. Lifetime: the node must outlive the requests.

#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "gateway/access/authorizer.hpp"
#include "gateway/api/change_hub.hpp"
#include "gateway/limits.hpp"
#include "gateway/observe/recorded_reply.hpp"
#include "gateway/server/connection_stats.hpp"
#include "gateway/wire/http_message.hpp"
#include "gateway/wire/target.hpp"
#include "runtime/node.hpp"

namespace reprise::gateway {

class otlp_exporter;

struct route_options {
  // Accepted names in Host, without port. Empty: any name. Protects against DNS rebinding: an
  // attacker's domain can resolve to 127.0.0.1, but the browser still sends that domain as Host.
  std::vector<std::string> hosts = {"localhost", "127.0.0.1", "[::1]"};
  // Origins of pages, besides the server's own, that may send requests: https://shop.example if a proxy
  // terminates TLS for this server.
  std::vector<std::string> origins{};
  std::string data;                                 // folder of the node; "" when it has none
  std::string url;                                  // of the server, for requests without a Host
  std::shared_ptr<gateway::authorizer> authorizer;  // null: no authentication
  request_logs logs;
  std::shared_ptr<otlp_exporter> spans;  // null: the server starts no traces
  std::shared_ptr<connection_stats> seen =
      std::make_shared<connection_stats>();  // shared with the server
  gateway::limits limits;
};

// What all requests of one server share.
struct server_context {
  server_context(node& n, route_options o, std::shared_ptr<request_metrics> f = {})
      : on(n), options(std::move(o)), figures(std::move(f)), changes(n) {}

  node& on;
  const route_options options;
  const std::shared_ptr<request_metrics> figures;
  change_hub changes;
  std::atomic<bool> draining = false;
};

// A request on its way through a route, shared by the callbacks that answer it.
struct request_context {
  request_context(server_context& s, http_request&& asked, target&& t, reply r,
                  std::optional<signed_url> url = {})
      : server(s),
        on(s.on),
        options(s.options),
        changes(s.changes),
        request(std::move(asked)),
        where(std::move(t)),
        answer(std::move(r)),
        by(std::move(url)) {}

  server_context& server;
  node& on;
  const route_options& options;
  change_hub& changes;
  http_request request;
  target where;
  reply answer;
  std::optional<signed_url> by;  // the credential, if it was a signed URL

  std::string base() const;  // http(s)://host:port, with the host that the client sent
};

using shared_request = std::shared_ptr<request_context>;

}  // namespace reprise::gateway
