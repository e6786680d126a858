// A request of a durable HTTP call, as an orchestrator writes it:
//
//   http::post("https://api.example.com/orders").header("Accept", "application/json").json(text)
//       .token("billing").timeout(20s).with({.attempts = 5, .first = 1s})
//
// All of it stands in the history of the instance, so there is no place for secrets: a token is named,
// and what the name stands for is the application's (gateway/calls/options.hpp).
//
// Failure: what cannot be stored or sent throws `reprise::failed` with cause::invalid where it is said,
// which ends an orchestrator that does not catch it. The rest is checked when it is sent.

#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "actors/codec.hpp"
#include "actors/request.hpp"
#include "gateway/calls/http.capnp.h"

namespace reprise::http {

// Whether an answer 202 with Location is asked again until it is another.
enum class polling : bool { off, on };

class request {
 public:
  // `method`: capital letters. `url`: absolute, without user and password.
  request(std::string method, std::string url);

  // One more field. Not those that hold secrets (Authorization, Cookie, Proxy-Authorization) and not
  // those of the connection (Host, Content-Length, Transfer-Encoding, Connection and their like).
  request& header(std::string name, std::string value);
  // Any bytes. Text (UTF-8) can be read in the history, others are shown there in base64.
  request& body(std::string bytes);
  // The same with Content-Type: application/json.
  request& json(std::string text);
  // The application's token of this name is added when it is sent.
  request& token(std::string name);
  // Idempotency-Key, the same for every attempt and after every restart: for a POST that is retried.
  request& idempotency_key();

  // Of one attempt; the application's limit when it is shorter. At least a millisecond.
  request& timeout(std::chrono::milliseconds limit);
  // As for any activity; what is a failure: docs/durable-http.md.
  request& with(retry policy);
  // An answer with this status is a failure, which may be retried.
  request& retry_on(std::uint16_t status);
  request& poll(polling choice);

  const retry& policy() const noexcept { return policy_; }
  bool polls() const noexcept { return polling_ == polling::on; }
  // A GET of `location` with the fields and the token of this request, for where those may go.
  request poll_of(std::string location) const;
  value<Request> message() const;

 private:
  std::string method_, url_, body_, token_, origin_;
  std::vector<std::pair<std::string, std::string>> fields_;
  std::vector<std::uint16_t> retry_statuses_;
  std::chrono::milliseconds timeout_{0};
  retry policy_;
  polling polling_ = polling::on;
  bool idempotency_key_ = false;
};

inline request get(std::string url) { return request("GET", std::move(url)); }
inline request post(std::string url) { return request("POST", std::move(url)); }
inline request put(std::string url) { return request("PUT", std::move(url)); }
inline request del(std::string url) { return request("DELETE", std::move(url)); }

}  // namespace reprise::http
