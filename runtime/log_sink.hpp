// Receives a node's log lines. A library must not choose a logging library for its host.

#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

namespace reprise {

// How urgent a line is.
enum class log_level : std::uint8_t { debug, info, warning, error };

// Valid only during the call.
struct log_line {
  log_level level = log_level::info;
  std::string_view text;        // a sentence for people, without a line end
  std::string_view instance{};  // id of the instance it is about; empty: about none
};

// Called from any of the node's threads, possibly several at once; must not block or throw.
using log_sink = std::function<void(const log_line&)>;

}  // namespace reprise
