// The benchmark's own actors and orchestrations, beside the examples: they do as little as
// possible, so that the engine is what is measured.
//
// Their code writes to `observed` what only it can see, such as how late it ran. That breaks the rule
// that operations are pure, which a benchmark does not need.

#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

#include "actors/reprise.hpp"
#include "tests/bench/parcel.capnp.h"

namespace reprise::bench {

// Two of these pass a parcel back and forth while `observed::playing`.
inline constexpr reprise::actor<none> player{"bench.player"};
inline constexpr transient_operation<none, Parcel, none> hop{player, "hop"};

// Tells alarms to ring: {first, count, due of the first, nanoseconds to the next}.
inline constexpr reprise::actor<none> clockwork{"bench.clockwork"};
inline constexpr operation<none, std::vector<std::int64_t>, none> wind{clockwork, "wind"};
inline constexpr reprise::actor<std::int64_t> alarm{"bench.alarm"};
inline constexpr operation<std::int64_t, std::int64_t, none> ring{alarm, "ring"};

inline constexpr activity<std::int64_t, std::int64_t> next_number{"bench.next"};
inline constexpr activity<std::int64_t, std::int64_t> next_number_early{"bench.next_early"};
inline constexpr orchestration<none, std::int64_t> five{"bench.five"};
inline constexpr orchestration<none, std::int64_t> five_early{"bench.five_early"};  // speculative

inline constexpr event<std::int64_t> more{"bench.more"};
// Adds up its events; after 10,000 it continues as new with the sum.
inline constexpr orchestration<std::int64_t, std::int64_t> sum_up{"bench.sum_up"};
// The same in one generation, however long it gets. Both end with the first negative number.
inline constexpr orchestration<std::int64_t, std::int64_t> remember{"bench.remember"};

struct observations {
  std::atomic<bool> playing{false};
  // Written by all threads, so kept apart from what they only read.
  alignas(64) std::atomic<std::uint64_t> hops{0};
  std::atomic<std::uint64_t> rung{0};

  void add(float micros);
  std::vector<float> take();

 private:
  std::mutex mutex_;
  std::vector<float> micros_;
};
extern observations observed;

// A parcel of 1 KiB that is not a sample; one shared copy.
const value<Parcel>& plain_parcel();

application bench_application();

}  // namespace reprise::bench
