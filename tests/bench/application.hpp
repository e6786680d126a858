// What the benchmark runs beside the examples: actors and orchestrations that do as little as they
// can, so that the engine is what is measured.
//
// `observed` is where their code leaves what only it can see, such as how late it ran: against the
// rules for operations, which are pure, but no rule that a benchmark needs.

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
// Adds up what comes; after 10,000 of it goes on as a new generation with the sum.
inline constexpr orchestration<std::int64_t, std::int64_t> sum_up{"bench.sum_up"};
// The same in one generation, however long it gets. Both end with the first negative number.
inline constexpr orchestration<std::int64_t, std::int64_t> remember{"bench.remember"};

struct observations {
  std::atomic<bool> playing{false};
  // Counted by all threads: apart from what they only read.
  alignas(64) std::atomic<std::uint64_t> hops{0};
  std::atomic<std::uint64_t> rung{0};

  void add(float micros);
  std::vector<float> take();

 private:
  std::mutex mutex_;
  std::vector<float> micros_;
};
extern observations observed;

// A parcel of 1 KiB that is no sample; one in memory for all.
const value<Parcel>& plain_parcel();

application bench_application();

}  // namespace reprise::bench
