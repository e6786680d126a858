// Prefer (RFC 7240). wait=N: how long a client is willing to wait for the end of what it asks about.
// respond-async: an answer is not wanted. One that is malformed or unknown is as if it were not
// there, as the RFC wants it.

#pragma once

#include <chrono>
#include <optional>

#include "gateway/wire/http_message.hpp"

namespace reprise::gateway {

// Whole seconds, at most `longest`. Nothing without the preference.
std::optional<std::chrono::seconds> preferred_wait(const http_request&,
                                                   std::chrono::milliseconds longest);

bool prefers_async(const http_request&) noexcept;

// Preference-Applied: what was done of it.
void confirm_wait(http_response&, std::chrono::seconds);
void confirm_async(http_response&);

}  // namespace reprise::gateway
