// Sends one blocking request over HTTP or HTTPS, for the command line. Does not follow redirects.

#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "actors/failure.hpp"

namespace reprise::gateway {

// Paths of PEM files. The server's certificate and name are always verified.
struct client_tls {
  std::string ca;                        // trusted CAs; empty: the system's
  std::string certificate, private_key;  // of the client, for servers that require one
};

struct client_request {
  std::string server;  // http(s)://HOST[:PORT]
  std::string method;
  std::string target;
  std::string body = {};                                       // JSON, or empty
  std::string key = {};                                        // a bearer token, or empty
  std::vector<std::pair<std::string, std::string>> more = {};  // additional header fields
  client_tls tls = {};
  std::chrono::milliseconds longest = std::chrono::seconds(30);  // for everything; 0: no limit
};

struct client_answer {
  unsigned status = 0;
  std::string content_type;  // "" if missing
  std::string location;
  std::string body;
};

// Sends the request. Failure: cause::invalid: `server` is not such a URL, or a file cannot be used;
// cause::timed_out; cause::unavailable: no answer, not HTTP/1.1, or the connection broke off. The text
// names the server.
result<client_answer> send(const client_request&);

}  // namespace reprise::gateway
