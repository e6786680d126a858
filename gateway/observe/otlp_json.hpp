// Spans as the body of an OTLP/HTTP request in JSON: ids in hexadecimal, 64-bit numbers as strings, as
// the protobuf of OpenTelemetry maps to JSON but for the ids.

#pragma once

#include <span>
#include <string>
#include <string_view>

#include "runtime/span.hpp"

namespace reprise::gateway {

// `service`: the resource's service.name.
std::string otlp_json(std::span<const reprise::span> spans, std::string_view service);

}  // namespace reprise::gateway
