// What the two event streams share: how one waits for a change.

#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

namespace reprise::gateway {

// Proxies close connections that are idle for a minute: a stream sends a comment at least this often.
inline constexpr std::chrono::seconds longest_silence{15};

// One wait: ends with a change or a timeout, whichever takes it first.
struct event_wait {
  std::atomic<bool> taken{false};
  std::atomic<std::uint64_t> waiting{0};  // the hub's token
};

}  // namespace reprise::gateway
