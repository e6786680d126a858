// One request and its one answer, as values: what the server hands to the routes and gets back.
//
// Threads: the handler is called on the connection's gateway thread and must not block; a `reply`
// may be used from any thread. The first answer counts; a `reply` that is dropped without one
// answers 500, so no connection waits for ever.

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

// What a connection knows of its other end: its requests share it, for a request is moved often.
struct peer_info {
  std::string peer;         // address
  std::string certificate;  // subject of the client's (RFC 2253); "" without one
  bool secure = false;      // by TLS
};

// Where a credential stood: Authorization counts before x-functions-key.
enum class credential_field : unsigned char { none, authorization, functions_key };

struct http_request {
  std::string method;  // GET, also for HEAD; POST, DELETE, OPTIONS, PUT, PATCH
  std::string target;  // as it came: path and query, percent-encoded
  std::string host;    // as it came, checked to be a host; "" in HTTP/1.0 without one
  std::string content_type, idempotency_key, origin;  // "" when absent
  std::string content_encoding;                       // the same
  std::string continuation_token;                     // x-ms-continuation-token; "" when absent
  std::string prefer, last_event_id;                  // "" when absent; a list as one line
  std::string if_match, if_none_match;                // the same
  bool has_idempotency_key = false;                   // an empty one is refused, none is fine
  bool has_origin = false;                            // the same
  bool wants_head_only = false;                       // HEAD: nobody gets the body
  credential_field has_credential = credential_field::none;
  std::string credential;                   // as it came
  std::string principal;                    // who asks, once that is known; "" when nobody is asked
  std::shared_ptr<const peer_info> from{};  // null: nobody knows
  trace_context trace{};                    // of `traceparent` and `tracestate`, or begun here
  std::string body;
};

class reply;

struct http_response {
  unsigned status = 200;
  std::string content_type;  // "" when there is no body
  std::string body;
  std::vector<std::pair<std::string_view, std::string>> fields;  // names are literals
  // The body goes on when this is set: asked for the next piece each time one was written, of which the
  // body and `more` count. A status of 400 and more, as that of a reply which is dropped, ends it as the
  // last piece does. The connection closes behind such a body.
  std::function<void(const reply&)> more{};
};

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
  // Calls on the gateway thread unless the answer was sent before, or another call was asked for.
  void call_after(std::chrono::milliseconds t, std::function<void()> f) const {
    slot_->call_after(t, std::move(f));
  }

 private:
  std::shared_ptr<slot> slot_;
};

// A request is large: it is moved once, by whoever keeps it.
using request_handler = std::function<void(http_request&&, reply)>;

}  // namespace reprise::gateway
