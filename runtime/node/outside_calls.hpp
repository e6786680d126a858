// What comes from outside of the node: checked, made a message, sent. The node and its views call this.
//
// Threads: any. `told` is called exactly once.

#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "actors/request.hpp"
#include "runtime/ask_options.hpp"
#include "runtime/handle.hpp"
#include "runtime/instance_types.hpp"
#include "runtime/message/message.hpp"

namespace reprise::runtime {

class engine;

failure bad_key(const std::string& key);
failure no_operation(const request&);
// Checks a list's prefix, and its cursor: the last key before the page.
std::optional<failure> no_place(const std::string& prefix, const std::string& cursor);

// Returns the id of an instance that was started without one. With an idempotency key it is derived
// from principal, purpose and key, so that a repeated request names the same instance.
std::string unnamed_id(engine&, const ask_options&, std::string_view what, std::string_view of);

// Sends one message, or answers with the reason why not.
void send_from_outside(engine&, address to, message_body, const ask_options&, when<payload> told);
// Sends a request to an instance.
void steer(engine&, std::string id, message_body, const ask_options&, when<void> told);
void start_instance(engine&, request, ask_options, when<std::string> told);
// Starts an instance under a new id and answers with its outcome.
void start_to_end(engine&, request, ask_options, when<payload> told);
// Answers when the instance has ended. Returns what ends the wait.
std::function<void()> wait_for_end(engine&, std::string id, when<instance_status> told);

when<payload> without_value(when<void> told);
when<payload> with_id(when<std::string> told);

}  // namespace reprise::runtime
