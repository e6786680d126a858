// Every limit of the engine, with its reason. The limits of names and keys are in
// actors/limits.hpp.

#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace reprise::limits {

using namespace std::chrono_literals;

// Message bodies that a mailbox keeps in memory: enough never to wait for the disk, and 1,000 hosts
// with bodies of 1 KiB fit in 1 GiB.
inline constexpr std::size_t mailbox_resident = 1'024;
// Messages of one turn: its transition must fit in one frame.
inline constexpr std::size_t max_messages_per_turn = 100'000;
// Writes of one transition with their keys. Below the limit of a group, to leave room for what the
// engine must add to a turn, such as the reason of a dead letter.
inline constexpr std::size_t max_bytes_per_turn = std::size_t{15} << 20;
// One frame: four fit in a segment, and writing one does not delay the next group for long.
inline constexpr std::size_t max_group_bytes = std::size_t{16} << 20;
inline constexpr std::size_t group_overhead = 4'096;  // of which: the frame's header, the clock
// The reason that an operator gives to terminate, suspend, resume or rewind: it is written with the
// instance and sent to each of its children.
inline constexpr std::size_t max_reason_bytes = std::size_t{64} << 10;
// The failure of an attempt, kept for people while the next attempt runs.
inline constexpr std::size_t kept_failure_bytes = 1'024;
// Timers and messages caused by the end of one instance, in one transition; more are split over several.
inline constexpr std::size_t closed_at_once = 10'000;
// Events raised and not yet waited for: every activation replays them and keeps them in memory.
inline constexpr std::size_t max_buffered_events = 10'000;
// ... and their bytes, except for a single event: continue_as_new carries all of them in one transition.
inline constexpr std::size_t max_buffered_bytes = std::size_t{4} << 20;
// One generation: an activation replays it, in a second or two. Longer ones must continue as new.
inline constexpr std::uint64_t max_history_events = 1'000'000;
inline constexpr std::size_t max_history_bytes = std::size_t{256} << 20;
// Lock requests that were released before their turn came: all are in one record of the actor, and
// each further one rewrites it.
inline constexpr std::size_t max_revoked = 4'000;
// Loads of one turn: each runs the turn again from its start.
inline constexpr std::size_t max_loads_per_turn = 1'000;
// Log not yet folded: recovery reads it, at some 500 MB/s.
inline constexpr std::uint64_t log_limit = std::uint64_t{1} << 30;
// Overlay not yet folded: memory in addition to `node_options::memory`.
inline constexpr std::uint64_t overlay_limit = std::uint64_t{256} << 20;
// Records of history, or their bytes, that are replayed before other work runs: a few hundred microseconds.
inline constexpr std::size_t replay_slice = 256;
inline constexpr std::size_t replay_slice_bytes = std::size_t{64} << 10;
// Actors and instances in memory; beyond it, those idle for a minute are passivated. A quarter of a
// gigabyte of waiting instances.
inline constexpr std::size_t resident_hosts = 100'000;
// Timers fired at a time after the clock has jumped forward.
inline constexpr std::size_t timer_slice = 1'000;
// Timers kept in memory of those that came due while the node was down: some 25 MB.
inline constexpr std::size_t timers_ahead = 50'000;
// Process crashes that one message may be blamed for before it becomes a dead letter.
inline constexpr unsigned max_crashes = 3;
// How long the first suspect of a crash runs alone; doubled by every further crash that leaves more
// than one suspect.
inline constexpr std::chrono::seconds trial = 1s;
// How long suspects are remembered after all of them have survived: one may crash the process late.
inline constexpr std::chrono::minutes suspicion = 10min;
// A turn that runs for this long is reported while it runs; also the interval of the check.
inline constexpr std::chrono::seconds hanging = 5s;
// How long a cancelled activity may run on before its thread counts as lost and is replaced.
inline constexpr std::chrono::seconds cancel_grace = 30s;
// Records that a background sweep removes at a time: some milliseconds of work, and as much for the
// log as a large transition.
inline constexpr std::size_t sweep_slice = 1'000;
// How long an idempotency key is remembered.
inline constexpr std::chrono::hours dedup_ttl = 24h;
// An answer kept with an idempotency key; of a longer one only the status is kept.
inline constexpr std::size_t dedup_answer_bytes = std::size_t{64} << 10;
// Keys of the tables that an open counts before it returns: some 30 ms. The rest is counted in the
// background, in slices short enough for a fold to wait for.
inline constexpr std::size_t keys_counted_at_open = 250'000;
inline constexpr std::size_t keys_counted_at_once = 2'000;
// A log segment: large enough to be changed rarely, small enough to prewrite in a second.
inline constexpr std::size_t segment_bytes = std::size_t{64} << 20;
// LMDB's own bound (MDB_MAXKEYSIZE of the packaged builds).
inline constexpr std::size_t max_key_bytes = 511;
// The key of a table's entry: what the longest type, actor key and table name leave of max_key_bytes.
inline constexpr std::size_t max_entry_key = 123;
// A paged reader takes a new view after this time: a view pins pages of the tables.
inline constexpr std::chrono::milliseconds view_ttl = 100ms;

}  // namespace reprise::limits
