// One blocking HTTP request, for the command line. No redirects, no TLS, 2 minutes at most.

#pragma once

#include <string>
#include <string_view>

#include "actors/failure.hpp"

namespace reprise::gateway {

struct client_request {
  std::string server;  // http://HOST[:PORT]
  std::string method;
  std::string target;
  std::string body;      // JSON, or empty
  std::string key = {};  // sent as a bearer token, or empty
};

struct client_answer {
  unsigned status = 0;
  std::string body;
};

// cause::invalid when `server` is no such URL; cause::unavailable when nobody answers.
result<client_answer> send(const client_request&);

}  // namespace reprise::gateway
