// Ids of messages without a record: the nonce of this boot and a counter, so that none repeats.
//
// Threads: any.

#pragma once

#include <atomic>
#include <cstdint>

#include "runtime/message/message.hpp"

namespace reprise::runtime {

class outside_ids {
 public:
  // The size of the block of indices that follows each id and belongs to its taker. A sender of very
  // many messages uses up its block before it touches the shared counter again.
  static constexpr std::uint64_t at_once = 64;

  explicit outside_ids(std::uint64_t nonce) noexcept : nonce_(nonce) {}

  message_id next() noexcept { return {0, nonce_, counter_.fetch_add(1) * at_once}; }
  std::uint64_t nonce() const noexcept { return nonce_; }

 private:
  const std::uint64_t nonce_;
  // Written by all threads: on a cache line apart from what they only read.
  alignas(64) std::atomic<std::uint64_t> counter_{1};
};

}  // namespace reprise::runtime
