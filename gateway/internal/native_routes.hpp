// /v1: Reprise's own surface. Answers are JSON objects; failures are problem details whose code is a
// stable word; a parameter that is wrong is refused by name.
//
// actors: actor_routes.hpp · instances: instance_routes.hpp · dead-letters: dead_letter_routes.hpp ·
// GET pools, GET version: here.

#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "gateway/internal/routes.hpp"

namespace reprise::gateway {

void serve_native(std::shared_ptr<exchange>);

// {"NAME":[ENTRIES],"next":CURSOR}, null at the end.
outgoing list_answer(std::string_view name, std::string_view entries, std::string_view cursor);
// {"code":...,"text":...,"retryable":...}: a failure as a part of something.
void append_failure(std::string& out, const failure&);
outgoing no_route();

}  // namespace reprise::gateway
