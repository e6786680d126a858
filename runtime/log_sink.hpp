// Where a node says what happened to it. A library must not choose a logging library for its host.

#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

namespace reprise {

enum class log_level : std::uint8_t { debug, info, warning, error };

// Called from any of the node's threads, possibly several at once; must not block or throw.
using log_sink = std::function<void(log_level, std::string_view text)>;

}  // namespace reprise
