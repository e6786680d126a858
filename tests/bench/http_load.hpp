// The client of the HTTP row: persistent connections, one request in flight on each, one thread.
// The same for our server and for its anchor.

#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace reprise::bench {

struct http_measure {
  double seconds = 0;
  std::vector<float> micros;  // of requests that were answered with 200
  std::size_t failures = 0;   // other answers
};

// `next` returns the bytes of each request. Throws std::runtime_error if a connection fails.
http_measure load_http(std::uint16_t port, std::size_t connections, double seconds,
                       const std::function<std::string()>& next);

// Returns a POST with a JSON body that keeps its connection open.
std::string post(const std::string& path, const std::string& body);

// Returns a port that was free a moment ago.
std::uint16_t free_port();

}  // namespace reprise::bench
