// Prefer (RFC 7240). wait=N: how long a client is willing to wait for the end of what it asks about.
// respond-async: an answer is not wanted. One that is malformed or unknown is as if it were not
// there, as the RFC wants it.

#pragma once

#include <chrono>
#include <optional>

#include "gateway/wire/exchange.hpp"

namespace reprise::gateway {

// Whole seconds, at most `longest`. Nothing without the preference.
std::optional<std::chrono::seconds> preferred_wait(const incoming&,
                                                   std::chrono::milliseconds longest);

bool prefers_async(const incoming&) noexcept;

// Preference-Applied: what was done of it.
void confirm_wait(outgoing&, std::chrono::seconds);
void confirm_async(outgoing&);

}  // namespace reprise::gateway
