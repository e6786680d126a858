// One question and its answer over HTTP, by libcurl: no redirects, no proxies, no cookies, a connection of
// its own. What may be asked was decided before, but for the address: that is judged where the socket is
// opened.
//
// Threads: any; it blocks the calling one until the answer is there, the time is up, or it is told to
// stop (within a second).

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
  std::string_view body;  // borrowed until the answer
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

// cause::rejected: an address that may not be connected to. cause::limit: an answer that is too long.
// cause::timed_out, cause::failed: no answer, may be tried again. cause::cancelled: told to stop.
result<answer> exchanged(const question&, const bounds&, const std::stop_token&);

}  // namespace reprise::http::internal
