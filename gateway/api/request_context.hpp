// One request on its way through a route, and what the server was told about requests.
//
// Threads: any. Lifetime: the node must outlive the requests.

#pragma once

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
  // Names under which this server may be addressed, without port. A page of a stranger can make its
  // own name point to 127.0.0.1; then Host still says the stranger's name. Empty: any name.
  std::vector<std::string> hosts = {"localhost", "127.0.0.1", "[::1]"};
  // Of pages that may send requests beside the server's own: https://shop.example, where a proxy speaks
  // TLS for this server.
  std::vector<std::string> origins{};
  std::string data;                                 // folder of the node; "" when it has none
  std::string url;                                  // of the server, for requests without a Host
  std::shared_ptr<gateway::authorizer> authorizer;  // null: nobody is asked who he is
  request_logs logs;
  std::shared_ptr<otlp_exporter> spans;  // null: no trace is begun here
  std::shared_ptr<connection_stats> seen =
      std::make_shared<connection_stats>();  // shared with the server
  gateway::limits limits;
};

// One request on its way through a route. Shared by the callbacks that answer it.
struct request_context {
  request_context(node& n, const route_options& o, http_request&& asked, target&& t, reply r,
                  change_hub& c, std::optional<signed_url> url = {})
      : on(n),
        options(o),
        request(std::move(asked)),
        where(std::move(t)),
        answer(std::move(r)),
        changes(c),
        by(std::move(url)) {}

  node& on;
  const route_options& options;
  http_request request;
  target where;
  reply answer;
  change_hub& changes;
  std::optional<signed_url> by;  // that the request came by

  std::string base() const;  // http(s)://host:port, as the client wrote it
};

using shared_request = std::shared_ptr<request_context>;

}  // namespace reprise::gateway
