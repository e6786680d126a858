// Writes one instance as /v1 shows it, and the words for its states.

#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "actors/application.hpp"
#include "gateway/wire/http_message.hpp"
#include "runtime/node.hpp"

namespace reprise::gateway {

enum class with_input : bool { no, yes };

void append_instance(std::string& out, const bindings&, const instance_status&, with_input);
// Returns 200 with the instance as its body.
http_response instance_answer(const bindings&, const instance_status&, with_input);

std::string_view word_of(instance_state) noexcept;
std::optional<instance_state> state_of(std::string_view word) noexcept;

}  // namespace reprise::gateway
