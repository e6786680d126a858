// A validator for the part of JSON Schema that our documents use; another keyword is a misfit, so that
// nothing is passed over.
//
// Stricter than the standard in one point: an object whose schema lists properties and says nothing of
// others may have no others. Answers of ours then cannot show what the document does not know.

#pragma once

#include <string>

#include <simdjson.h>

namespace reprise::gateway_test {

// What of `value` does not fit, with its place; "" when all of it does. References are looked up in
// `document`.
std::string misfit(simdjson::dom::element document, simdjson::dom::element schema,
                   simdjson::dom::element value);

// The first reference anywhere in `document` that leads nowhere; "" when all lead somewhere.
std::string dangling(simdjson::dom::element document);

}  // namespace reprise::gateway_test
