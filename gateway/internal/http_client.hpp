// One blocking request over HTTP or HTTPS, for the command line. No redirects, 2 minutes at most.

#pragma once

#include <string>
#include <string_view>

#include "actors/failure.hpp"

namespace reprise::gateway {

// Files, PEM. Without `ca` the system's certificates say which server is to be trusted; the server's
// name is always checked.
struct client_tls {
  std::string ca;
  std::string certificate, private_key;  // who the client is, for servers that ask
};

struct client_request {
  std::string server;  // http(s)://HOST[:PORT]
  std::string method;
  std::string target;
  std::string body;      // JSON, or empty
  std::string key = {};  // sent as a bearer token, or empty
  client_tls tls = {};
};

struct client_answer {
  unsigned status = 0;
  std::string body;
};

// cause::invalid when `server` is no such URL, or a file cannot be used; cause::unavailable when nobody answers.
result<client_answer> send(const client_request&);

}  // namespace reprise::gateway
