// Makes an example value of a bound type, for people to start from: each member once, and a text has
// the name of its member as its value. It fits the schemas of both directions.

#pragma once

#include <string>

#include "actors/payload_type.hpp"

namespace reprise::gateway {

std::string example_of(const payload_type&);  // JSON

}  // namespace reprise::gateway
