// What durable HTTP calls may do in this program. Its author and its operator decide, never an
// orchestrator. Without an allowed host nothing is sent.

#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include "actors/failure.hpp"
#include "gateway/calls/limits.hpp"

namespace reprise::http {

// A secret that requests refer to by name and never contain. It is read for each attempt, from the file
// or the environment variable, so a file may be replaced (rotated) while the program runs. White space at
// its end is removed.
struct token {
  std::string name;
  std::string file;                // one of the two
  std::string variable;            // of the environment
  std::vector<std::string> hosts;  // where it may be sent, as options::hosts; at least one
  std::string field = "Authorization";
  std::string scheme = "Bearer";  // before the secret; empty: the secret alone
};

// Whether http:// URLs are allowed beside https://.
enum class plain_http : bool { refused, allowed };

struct options {
  // Allowed hosts: "api.example.com" (default port of the scheme), "api.example.com:8443",
  // "api.example.com:*" (any port), "*.example.com" (all names below it), "[2001:db8::1]", "*" (any host
  // with a public address).
  std::vector<std::string> hosts;
  // Allowed address ranges that are not public: "10.20.0.0/16", "::1".
  std::vector<std::string> addresses;
  plain_http plain = plain_http::refused;
  std::vector<token> tokens;
  std::size_t request_body = limits::request_body;    // bytes
  std::size_t response_body = limits::response_body;  // bytes
  std::chrono::milliseconds connect = limits::connect;
  std::chrono::milliseconds total = limits::total;  // of one attempt
  std::string ca_file;                              // PEM; empty: the system's
  std::string pool = "io";                          // its threads wait for the responses
};

// Reads the options from the environment: REPRISE_HTTP_ALLOW (hosts), REPRISE_HTTP_ADDRESSES (ranges),
// REPRISE_HTTP_PLAIN=1, REPRISE_HTTP_TOKENS (NAME=FILE@HOST[@HOST...]), REPRISE_HTTP_CA_FILE; lists are
// comma-separated. Failure: cause::invalid, naming the wrong variable. Call it before threads start.
result<options> options_of_environment();

}  // namespace reprise::http
