// What a stranger may ask of the gateway before anything is allocated for them. Every number has a
// reason; `limits` carries them so that a program or a test can choose others.

#pragma once

#include <chrono>
#include <cstddef>

namespace reprise::gateway {

inline constexpr std::size_t max_json_depth = 64;  // recursion of reader and writer

struct limits {
  std::size_t head = 16u << 10;   // request line and fields: what proxies in front allow too
  std::size_t fields = 100;       // 3,000 fields of 5 bytes fit in 16 KiB; each costs a scan
  std::size_t target = 4u << 10;  // URL: an id is at most 256 bytes, percent-encoded 768
  std::size_t body = 1u << 20;    // Durable Functions' own limit of an input or an event
  std::size_t json_depth = max_json_depth;  // of a body; more than that is not possible
  std::size_t chunk_extension = 1u
                                << 10;  // nobody uses them; they are a way to send without a body
  std::size_t connections = 10'000;     // per gateway; each holds one socket and some 10 KiB

  // Of one address that is not of this machine, where proxies and load generators are.
  std::size_t connections_per_address = 256;
  std::size_t in_flight = 5'000;  // requests without an answer: who waits leaves room for others
  std::size_t rate = 10'000;      // requests of one key in a second, and at once; 0: any number

  // A connection that sends slowly or reads slowly holds memory: each phase has an end.
  std::chrono::milliseconds handshake_deadline = std::chrono::seconds(10);  // of TLS
  std::chrono::milliseconds head_deadline = std::chrono::seconds(10);       // from its first byte
  std::chrono::milliseconds body_deadline = std::chrono::seconds(30);
  std::chrono::milliseconds write_deadline = std::chrono::seconds(30);
  std::chrono::milliseconds idle_deadline = std::chrono::seconds(75);  // between two requests
  std::chrono::milliseconds wait = std::chrono::seconds(60);  // longest `timeout=` of a start
};

inline constexpr std::size_t max_payload =
    4u << 20;  // Cap'n Proto bytes made from one body: `[{},{}]` grows
inline constexpr std::size_t max_page = 1'000;  // entries of a list that one answer may hold
inline constexpr std::size_t default_page = 100;
inline constexpr std::size_t max_page_bytes =
    4u << 20;  // the entry that passes it is the last of its page: inputs may be large
inline constexpr std::size_t max_idempotency_key =
    255;  // hashed, so only the header has to carry it

}  // namespace reprise::gateway
