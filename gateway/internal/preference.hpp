// Prefer: wait=N (RFC 7240): how long a client is willing to wait for the end of what it asks about.
// One that is malformed or unknown is as if it were not there, as the RFC wants it.

#pragma once

#include <chrono>
#include <optional>

#include "gateway/internal/exchange.hpp"

namespace reprise::gateway {

// Whole seconds, at most `longest`. Nothing without the preference.
std::optional<std::chrono::seconds> preferred_wait(const incoming&,
                                                   std::chrono::milliseconds longest);

// Preference-Applied: what was done of it.
void confirm_wait(outgoing&, std::chrono::seconds);

}  // namespace reprise::gateway
