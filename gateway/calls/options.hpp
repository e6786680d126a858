// What durable HTTP calls may do in this program: its author's and its operator's choice, never an
// orchestrator's. Without a host that is allowed nothing is sent at all.

#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include "actors/failure.hpp"
#include "gateway/calls/limits.hpp"

namespace reprise::http {

// A secret that requests name and never hold. It is read for each attempt, from one of the two places,
// so a file may be replaced (rotation) while the program runs; white space at its end is left out.
struct token {
  std::string name;
  std::string file;                // or
  std::string variable;            // of the environment
  std::vector<std::string> hosts;  // where it may be sent, as options::hosts; none: nowhere
  std::string field = "Authorization";
  std::string scheme = "Bearer";  // before the secret; empty: the secret alone
};

enum class plain_http : bool { refused, allowed };

struct options {
  // "api.example.com" (at the scheme's own port), "api.example.com:8443", "api.example.com:*" (any
  // port), "*.example.com" (every name below it), "[2001:db8::1]", "*" (whatever has a public address).
  std::vector<std::string> hosts;
  // Ranges of addresses that are let through although they are not public: "10.20.0.0/16", "::1".
  std::vector<std::string> addresses;
  plain_http plain = plain_http::refused;
  std::vector<token> tokens;
  std::size_t request_body = limits::request_body;    // bytes
  std::size_t response_body = limits::response_body;  // bytes
  std::chrono::milliseconds connect = limits::connect;
  std::chrono::milliseconds total = limits::total;  // of one attempt
  std::string ca_file;                              // PEM; empty: the system's
  std::string pool = "io";                          // whose threads wait for the answers
};

// What an operator says in the environment: REPRISE_HTTP_ALLOW (hosts), REPRISE_HTTP_ADDRESSES (ranges),
// REPRISE_HTTP_PLAIN=1, REPRISE_HTTP_TOKENS (NAME=FILE@HOST[@HOST...]), REPRISE_HTTP_CA_FILE; lists have commas. cause::invalid names
// the variable that is wrong. Call it before threads begin.
result<options> options_of_environment();

}  // namespace reprise::http
