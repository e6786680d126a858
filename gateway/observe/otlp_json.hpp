// Writes spans as the JSON body of an OTLP/HTTP request: the JSON mapping of OpenTelemetry's protobuf
// (64-bit numbers are strings), except that ids are hexadecimal instead of base64.

#pragma once

#include <span>
#include <string>
#include <string_view>

#include "runtime/span.hpp"

namespace reprise::gateway {

// `service`: the resource's service.name.
std::string otlp_json(std::span<const reprise::span> spans, std::string_view service);

}  // namespace reprise::gateway
