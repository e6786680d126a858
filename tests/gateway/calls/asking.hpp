// Orchestrations that make one durable HTTP call as they are told, and options for servers of this
// machine.

#pragma once

#include <functional>
#include <string>

#include "actors/reprise.hpp"
#include "gateway/calls/http.hpp"

namespace reprise::http_test {

// What the orchestration `ask` asks; set before it is started, read whenever it is replayed.
void ask_for(std::function<http::request()>);

inline constexpr orchestration<none, http::Response> ask{"ask"};            // http::call
inline constexpr orchestration<none, http::Response> ask_once{"ask_once"};  // http::send
inline constexpr orchestration<none, std::string> try_to{"try_to"};  // http::attempt: "200", or why

// Whatever is asked of 127.0.0.0/8 and ::1, in plain HTTP, at any port.
http::options of_this_machine();

application bound(http::options);

// One call in a world of its own.
result<value<http::Response>> answer_to(const http::request&, http::options = of_this_machine());
failure refusal_of(const http::request&, http::options = of_this_machine());

// The text of a failure, for messages; empty: it is none.
template <class T>
std::string said(const result<T>& outcome) {
  return outcome ? "" : outcome.error().text;
}

}  // namespace reprise::http_test
