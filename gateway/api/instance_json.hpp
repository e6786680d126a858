// What every surface says of an instance in the same words: its input, its custom status, its output.
// Input and output need the types of its orchestration; they are null when its code is no longer bound.

#pragma once

#include <string>

#include "actors/application.hpp"
#include "runtime/node.hpp"

namespace reprise::gateway {

void append_input(std::string& out, const application&, const instance_status&);
void append_custom_status(std::string& out, const instance_status&);
// The value of a completed instance, the text of a failure, else null.
void append_output(std::string& out, const application&, const instance_status&);

}  // namespace reprise::gateway
