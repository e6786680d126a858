// The gateway's limits on untrusted input, checked before anything is allocated for it. Every
// number has a reason; `limits` carries them so that a program or a test can choose others.

#pragma once

#include <chrono>
#include <cstddef>

namespace reprise::gateway {

inline constexpr std::size_t max_json_depth = 64;  // levels: reader and writer recurse

struct limits {
  // Bytes of the request line and the fields: what proxies allow too.
  std::size_t head = 16u << 10;
  // Header fields. 3,000 fields of 5 bytes would fit in 16 KiB, and each one costs a scan.
  std::size_t fields = 100;
  // Bytes of a URL. An id has at most 256 bytes, percent-encoded 768.
  std::size_t target = 4u << 10;
  // Bytes of a body: the limit of Durable Functions for an input or an event.
  std::size_t body = 1u << 20;
  // Levels of JSON in a body; at most max_json_depth.
  std::size_t json_depth = max_json_depth;
  // Bytes. Nobody uses chunk extensions, but they allow a client to send for ever without a body.
  std::size_t chunk_extension = 1u << 10;
  // Open connections of one gateway. Each one holds a socket and about 10 KiB.
  std::size_t connections = 10'000;
  // Open connections of one remote address. Loopback is exempt: proxies and load generators run there.
  std::size_t connections_per_address = 256;
  // Requests without an answer. Fewer than connections, so that waiting clients leave room for others.
  std::size_t in_flight = 5'000;
  // Requests per second of one principal, and the size of a burst. 0: unlimited.
  std::size_t rate = 10'000;

  // A connection that sends or reads slowly holds memory, so each phase has a deadline.
  std::chrono::milliseconds handshake_deadline = std::chrono::seconds(10);  // of TLS
  std::chrono::milliseconds head_deadline = std::chrono::seconds(10);       // from its first byte
  std::chrono::milliseconds body_deadline = std::chrono::seconds(30);
  std::chrono::milliseconds write_deadline = std::chrono::seconds(30);
  std::chrono::milliseconds idle_deadline = std::chrono::seconds(75);  // between two requests
  // The longest wait that a request may ask for: `timeout=`, `Prefer: wait=`, a purge.
  std::chrono::milliseconds wait = std::chrono::seconds(60);
};

// Bytes of the Cap'n Proto message made from one body, which may be larger than the body: `[{},{}]`.
inline constexpr std::size_t max_payload = 4u << 20;
// Entries on one page of a list.
inline constexpr std::size_t max_page = 1'000;
inline constexpr std::size_t default_page = 100;
// Bytes of one page. Inputs may be large: the entry that exceeds the limit is the last of its page.
inline constexpr std::size_t max_page_bytes = 4u << 20;
// Characters. Keys are hashed, so only the header field has to hold one.
inline constexpr std::size_t max_idempotency_key = 255;

}  // namespace reprise::gateway
