// Durable HTTP calls for orchestrators. Responses are in the history, so after a crash only unanswered
// requests are sent again. A 202 response is polled with durable timers.
//
//   auto answer = co_await http::call(http::get("https://api.example.com/rates"));
//   if (answer->getStatus() == 200) use(http::body_of(*answer));
//
// A response is a result whatever its status. No response is a retryable failure; a refusal (a host that
// is not allowed, an address that is not public) is not retryable: docs/durable-http.md. The activity
// behind it is called reprise.http and runs at least once.

#pragma once

#include <optional>
#include <string_view>

#include "actors/application.hpp"
#include "actors/contract.hpp"
#include "actors/task.hpp"
#include "gateway/calls/http.capnp.h"
#include "gateway/calls/options.hpp"
#include "gateway/calls/request.hpp"

namespace reprise::http {

// The activity that sends one request. `call`, `attempt` and `send` use it, `bind` gives it its code; a
// test in a world binds a function of its own to it instead.
inline constexpr activity<Request, Response> exchange{"reprise.http"};

// Binds the activity; call it once per application. On cause::invalid, which names the wrong option,
// nothing is bound.
result<> bind(application&, options);

// Sends the request, and polls a 202 response with Location until the status changes: after Retry-After
// (seconds or a date), else every 30 s. Each request, also a poll, has the retry policy of
// request::with(). Failure: that of the last attempt; cause::timed_out after limits::polls polls.
task<Response> call(request what);
// Like call(), but returns a failure as a value.
task<result<value<Response>>> attempt(request what);

// Sends the request once, without polling: a call of an activity, usable in all, race, begin and attempt.
activity_call<Response> send(const request& what);

// Returns the bytes of the body, text or not. Valid as long as the value of the reader.
std::string_view body_of(Response::Reader);
// Returns the first field of this name, ignoring case; nothing if missing.
std::optional<std::string_view> field_of(Response::Reader, std::string_view name);

}  // namespace reprise::http
