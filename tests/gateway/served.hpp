// A node in memory behind a real socket, for the tests of routes.

#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "gateway/router/routes.hpp"
#include "gateway/server/server.hpp"
#include "runtime/node.hpp"
#include "tests/gateway/server/raw_client.hpp"
#include "tests/gateway/until.hpp"

namespace reprise::gateway_test {

class contract;

class served {
 public:
  explicit served(gateway::route_options = {});  // the application of these tests
  explicit served(application, gateway::route_options = {});
  ~served();

  // Sends one request. Every answer of /v1 is compared with the server's own OpenAPI document.
  // `fields` are whole lines with CRLF; `{url}` in them stands for the server's URL.
  raw_answer ask(std::string_view method, std::string_view target, std::string_view body = "",
                 std::string_view fields = "");
  raw_answer post_json(std::string_view target, std::string_view body,
                       std::string_view fields = "");

  // Waits until the instance has started and set its custom status, because a start is answered
  // earlier. Throws if the instance does not exist: waiting would never end.
  void begun(const std::string& id);
  // Waits until the instance has ended; returns its state.
  instance_state ended(const std::string& id);

  std::uint16_t port() const { return server_->port(); }
  std::string url() const { return "http://localhost:" + std::to_string(port()); }
  node& on() { return *node_; }
  gateway::routes& routing() { return *routes_; }
  gateway::server& serving() { return *server_; }
  const contract& promised();  // its OpenAPI document

 private:
  raw_answer send(std::string_view method, std::string_view target, std::string_view body,
                  std::string_view fields) const;

  std::unique_ptr<node> node_;
  std::unique_ptr<gateway::routes> routes_;
  std::unique_ptr<gateway::server> server_;
  std::unique_ptr<contract> contract_;
};

// Makes an authorizer that accepts the keys in these lines of a keys file.
std::shared_ptr<gateway::authorizer> authorizer_for(std::string_view lines,
                                                    const gateway::limits& = {});

// /runtime/webhooks/durabletask + path
std::string df(std::string_view path);

}  // namespace reprise::gateway_test
