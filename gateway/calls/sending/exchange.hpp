// One HTTP request and its response, by libcurl: without redirects, proxies and cookies, on its own
// connection. The caller has checked everything but the address, which is checked when the socket is
// opened.
//
// Threads: any. Blocks the caller until the response, the timeout, or a requested stop (within a second).

#pragma once

#include <chrono>
#include <cstddef>
#include <stop_token>
#include <string>
#include <string_view>

#include "actors/failure.hpp"
#include "gateway/calls/sending/addresses.hpp"
#include "gateway/calls/sending/fields.hpp"
#include "gateway/calls/sending/target.hpp"

namespace reprise::http::internal {

struct question {
  std::string method;
  target where;
  field_list fields;
  std::string_view body;  // borrowed
};

struct bounds {
  const address_rules* addresses = nullptr;  // borrowed
  std::size_t response_body = 0;             // bytes
  std::chrono::milliseconds connect{0}, total{0};
  std::string ca_file;  // empty: the system's
};

struct answer {
  long status = 0;
  field_list fields;  // names in lower case
  std::string body;
};

// Failure: cause::rejected: the address is refused. cause::limit: the response is too long.
// cause::timed_out, cause::failed: no response, retryable. cause::cancelled: a stop was requested.
result<answer> exchanged(const question&, const bounds&, const std::stop_token&);

}  // namespace reprise::http::internal
