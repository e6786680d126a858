// A request of a durable HTTP call, built by an orchestrator:
//
//   http::post("https://api.example.com/orders").header("Accept", "application/json").json(text)
//       .token("billing").timeout(20s).with({.attempts = 5, .first = 1s})
//
// The whole request is in the history of the instance, so it cannot contain secrets: it names a token,
// which the application configures (gateway/calls/options.hpp).
//
// Failure: functions throw `reprise::failed` with cause::invalid for values that must not be stored or
// sent; an orchestrator that does not catch it ends. The rest is checked when the request is sent.

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

// Whether a 202 response with Location is polled until the status changes.
enum class polling : bool { off, on };

class request {
 public:
  // `method`: capital letters. `url`: absolute, without user and password.
  request(std::string method, std::string url);

  // Adds a field. Refuses fields with secrets (Authorization, Cookie, Proxy-Authorization) and fields of
  // the connection (Host, Content-Length, Transfer-Encoding, Connection and similar ones).
  request& header(std::string name, std::string value);
  // Sets the body, any bytes. The history shows UTF-8 as text, other bytes in base64.
  request& body(std::string bytes);
  // The same with Content-Type: application/json.
  request& json(std::string text);
  // Adds the application's token of this name when the request is sent.
  request& token(std::string name);
  // Adds an Idempotency-Key, the same for all attempts and after every restart: for a POST with retries.
  request& idempotency_key();

  // Limits one attempt, at least 1 ms; a shorter limit of the application takes precedence.
  request& timeout(std::chrono::milliseconds limit);
  // Sets the retry policy, as for any activity. docs/durable-http.md: what counts as a failure.
  request& with(retry policy);
  // Makes a response with this status a retryable failure.
  request& retry_on(std::uint16_t status);
  request& poll(polling choice);

  const retry& policy() const noexcept { return policy_; }
  bool polls() const noexcept { return polling_ == polling::on; }
  // Returns a GET of `location` with the fields and the token of this request, as far as its origin may
  // get them.
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

// Make a request with this method to an absolute URL.
inline request get(std::string url) { return request("GET", std::move(url)); }
inline request post(std::string url) { return request("POST", std::move(url)); }
inline request put(std::string url) { return request("PUT", std::move(url)); }
inline request del(std::string url) { return request("DELETE", std::move(url)); }

}  // namespace reprise::http
