// Durable HTTP calls for orchestrators: what was answered is in the history, so a crash asks again only
// what was not answered, and an answer 202 is polled by durable timers.
//
//   auto answer = co_await http::call(http::get("https://api.example.com/rates"));
//   if (answer->getStatus() == 200) use(http::body_of(*answer));
//
// An answer is an answer whatever its status. No answer is a failure that may be retried; a refusal (a
// host that is not allowed, an address that is not public) is one that may not: docs/durable-http.md.
// The activity behind it is called reprise.http and runs at least once.

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

inline constexpr activity<Request, Response> exchange{"reprise.http"};

// Binds the activity. cause::invalid names the option that is wrong; nothing is bound then. Once per
// application.
result<> bind(application&, options);

// Asks, and polls an answer 202 with Location until it is another: after Retry-After (seconds or a
// date), else 30 s. Each question is tried as `request::with` says. cause::timed_out after
// limits::polls.
task<Response> call(request what);
// The same with its failure as a value.
task<result<value<Response>>> attempt(request what);

// Asks once and does not poll: an activity's call, which fits into all, race, begin and attempt.
reprise::call<Response> send(const request& what);

// The bytes of the body, text or not. They live as long as the reader's value.
std::string_view body_of(Response::Reader);
// The first field of this name, in any case.
std::optional<std::string_view> field_of(Response::Reader, std::string_view name);

}  // namespace reprise::http
