// A validator for the part of JSON Schema that our documents use. Any other keyword is an error, so
// that nothing is skipped.
//
// Stricter than the standard in one point: an object whose schema lists properties and does not
// mention others may have no others. So answers cannot contain what the document does not describe.

#pragma once

#include <string>

#include <simdjson.h>

namespace reprise::gateway_test {

// Returns what in `value` does not match, with its place; "" if all of it does. References are
// resolved in `document`.
std::string misfit(simdjson::dom::element document, simdjson::dom::element schema,
                   simdjson::dom::element value);

// Returns the first unresolvable reference in `document`; "" if there is none.
std::string dangling(simdjson::dom::element document);

}  // namespace reprise::gateway_test
