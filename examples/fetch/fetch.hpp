// An orchestration that fetches a URL with a durable HTTP call; off until an operator allows a host.

#pragma once

#include <string>

#include <reprise/http.hpp>
#include <reprise/reprise.hpp>

namespace examples::fetch {

// The URL, and the body of the answer.
inline constexpr reprise::orchestration<std::string, reprise::http::Response> fetch{"fetch"};

void bind(reprise::application&);

}  // namespace examples::fetch
