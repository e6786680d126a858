// One blocking request over HTTP or HTTPS, for the command line. No redirects.

#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

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
  std::string body = {};                                       // JSON, or empty
  std::string key = {};                                        // a bearer token, or empty
  std::vector<std::pair<std::string, std::string>> more = {};  // fields
  client_tls tls = {};
  std::chrono::milliseconds longest = std::chrono::seconds(30);  // for all of it; 0: no limit
};

struct client_answer {
  unsigned status = 0;
  std::string content_type;  // "" when there is none
  std::string location;
  std::string body;
};

// cause::invalid when `server` is no such URL, or a file cannot be used; cause::timed_out when the time
// was up; cause::unavailable when nobody answers, or what answers speaks no HTTP/1.1 or breaks off. The
// text names the server.
result<client_answer> send(const client_request&);

}  // namespace reprise::gateway
