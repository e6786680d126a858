// Orchestrations that make one durable HTTP call as configured, and options for servers of this machine.

#pragma once

#include <functional>
#include <string>

#include "actors/reprise.hpp"
#include "gateway/calls/http.hpp"

namespace reprise::http_test {

// What the orchestration `ask` requests; set it before the start; every replay reads it.
void ask_for(std::function<http::request()>);

inline constexpr orchestration<none, http::Response> ask{"ask"};            // http::call
inline constexpr orchestration<none, http::Response> ask_once{"ask_once"};  // http::send
inline constexpr orchestration<none, std::string> try_to{"try_to"};  // http::attempt: "200", or why

// Allows everything on 127.0.0.0/8 and ::1, in plain HTTP, at any port.
http::options of_this_machine();

application bound(http::options);

// Makes one call in a new world.
result<value<http::Response>> answer_to(const http::request&, http::options = of_this_machine());
failure refusal_of(const http::request&, http::options = of_this_machine());

// Returns the text of a failure, for messages; empty if it is not one.
template <class T>
std::string said(const result<T>& outcome) {
  return outcome ? "" : outcome.error().text;
}

}  // namespace reprise::http_test
