// Prefer (RFC 7240). wait=N: how long the client is willing to wait for the result. respond-async: the
// client does not wait for it. Malformed and unknown preferences are ignored, as the RFC requires.

#pragma once

#include <chrono>
#include <optional>

#include "gateway/wire/http_message.hpp"

namespace reprise::gateway {

// Returns the wait of the client, at most `longest`; nothing without the preference.
std::optional<std::chrono::seconds> preferred_wait(const http_request&,
                                                   std::chrono::milliseconds longest);

bool prefers_async(const http_request&) noexcept;

// Add a Preference-Applied that states which preference was honoured.
void confirm_wait(http_response&, std::chrono::seconds);
void confirm_async(http_response&);

}  // namespace reprise::gateway
