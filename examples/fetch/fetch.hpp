// An orchestration that asks a URL: durable HTTP calls, off until an operator allows a host.

#pragma once

#include <string>

#include "actors/reprise.hpp"
#include "gateway/calls/http.hpp"

namespace examples::fetch {

// The URL, and what it answers.
inline constexpr reprise::orchestration<std::string, reprise::http::Response> fetch{"fetch"};

void bind(reprise::application&);

}  // namespace examples::fetch
