// Writes the parts of an instance that both surfaces show alike: input, custom status and output. Input
// and output need the types of the orchestration; they are null if it is not bound.

#pragma once

#include <string>

#include "actors/application.hpp"
#include "runtime/node.hpp"

namespace reprise::gateway {

// Appends a value of this type as JSON, null without a type.
void append_value(std::string& out, const payload_type*, const payload&);
void append_input(std::string& out, const bindings&, const instance_status&);
void append_custom_status(std::string& out, const instance_status&);
// Appends the value of a completed instance, the text of a failure, or null.
void append_output(std::string& out, const bindings&, const instance_status&);

}  // namespace reprise::gateway
