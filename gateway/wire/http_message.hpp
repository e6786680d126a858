// An HTTP request and its response, as values between the server and the routes.
//
// Threads: the handler is called on the connection's I/O thread and must not block; a `reply` may be
// used from any thread. The first response counts. A `reply` that is destroyed unanswered answers 500,
// so no connection waits for ever.

#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/trace_context.hpp"

namespace reprise::gateway {

// The peer of a connection. The connection's requests share one, because requests are moved often.
struct peer_info {
  std::string peer;         // IP address
  std::string certificate;  // subject of the client certificate (RFC 2253); "" without one
  bool secure = false;      // TLS
};

// The field that held the credential. Authorization takes precedence over x-functions-key.
enum class credential_field : unsigned char { none, authorization, functions_key };

// A request whose head the request guard has accepted.
struct http_request {
  std::string method;  // GET (also for HEAD), POST, DELETE, OPTIONS, PUT, PATCH
  std::string target;  // path and query as sent, percent-encoded
  std::string host;    // as sent, validated; "" in HTTP/1.0 without one
  // "" when absent. Repeated Content-Encoding, Prefer, If-Match and If-None-Match fields are joined by
  // ", ".
  std::string content_type, idempotency_key, origin;
  std::string content_encoding;
  std::string continuation_token;  // x-ms-continuation-token
  std::string prefer, last_event_id;
  std::string if_match, if_none_match;
  bool has_idempotency_key = false;  // an empty key is refused, a missing one is allowed
  bool has_origin = false;           // the same for Origin
  bool wants_head_only = false;      // HEAD: the body is not sent
  credential_field has_credential = credential_field::none;
  std::string credential;                   // as sent
  std::string principal;                    // set by authorization; "" without authentication
  std::shared_ptr<const peer_info> from{};  // null: unknown
  trace_context trace{};                    // of `traceparent` and `tracestate`, or started here
  std::string body;
};

class reply;

struct http_response {
  unsigned status = 200;
  std::string content_type;  // "" when there is no body
  std::string body;
  std::vector<std::pair<std::string_view, std::string>> fields;  // names are literals
  // If set, the body is a stream. The server calls it for the next piece each time one has been written;
  // of that response only `body` and `more` count. A piece without `more` is the last. A status of 400
  // or more, such as that of a dropped reply, ends the stream too. Then the connection is closed.
  std::function<void(const reply&)> more{};
};

// Answers one request. Copies share it; the first response counts.
class reply {
 public:
  class slot {
   public:
    virtual ~slot() = default;
    virtual void send(http_response&&) = 0;
    virtual void call_after(std::chrono::milliseconds, std::function<void()>) = 0;
  };

  explicit reply(std::shared_ptr<slot> s) : slot_(std::move(s)) {}

  void operator()(http_response&& answer) const { slot_->send(std::move(answer)); }
  // Calls `f` on the I/O thread after `t`, or earlier when the server drains. A response or another
  // call_after() cancels it.
  void call_after(std::chrono::milliseconds t, std::function<void()> f) const {
    slot_->call_after(t, std::move(f));
  }

 private:
  std::shared_ptr<slot> slot_;
};

// Takes the request by rvalue reference, because a request is large: only its final owner moves it.
using request_handler = std::function<void(http_request&&, reply)>;

}  // namespace reprise::gateway
