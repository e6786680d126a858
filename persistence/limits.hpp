// Every limit of the engine, each with its reason. A limit that is not here does not exist.

#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace reprise::limits {

using namespace std::chrono_literals;

// Bodies a mailbox keeps in memory: enough to never wait for the disk, 1,000 hosts of 1 KiB bodies
// fit in 1 GiB.
inline constexpr std::size_t mailbox_resident = 1'024;
// Fan-out of one turn: its transition must fit in one frame.
inline constexpr std::size_t max_messages_per_turn = 100'000;
// Writes of one transition, each with its key: below a group's limit by what the engine adds to a turn
// that it has to write all the same, a dead letter's reason for example.
inline constexpr std::size_t max_bytes_per_turn = std::size_t{15} << 20;
// One frame: four fit in a segment, and one write of it does not hold up the next group for long.
inline constexpr std::size_t max_group_bytes = std::size_t{16} << 20;
inline constexpr std::size_t group_overhead = 4'096;  // of these: the frame's header, the clock
// What an operator says when he terminates, suspends, resumes or rewinds: it is written with the
// instance, and sent to each of its children.
inline constexpr std::size_t max_reason_bytes = std::size_t{64} << 10;
// The failure of an attempt that is kept for a person while the next one is under way.
inline constexpr std::size_t kept_failure_bytes = 1'024;
// Timers and messages that follow from the end of one instance, in one transition; more go in several.
inline constexpr std::size_t closed_at_once = 10'000;
// Events raised and not yet waited for: they are replayed and kept in memory by every activation.
inline constexpr std::size_t max_buffered_events = 10'000;
// ... and their bytes, unless it is one alone: continue_as_new carries them all in one transition.
inline constexpr std::size_t max_buffered_bytes = std::size_t{4} << 20;
// One generation: what an activation replays, a second or two of it. Beyond, continue_as_new.
inline constexpr std::uint64_t max_history_events = 1'000'000;
inline constexpr std::size_t max_history_bytes = std::size_t{256} << 20;
// Requests for a lock that were released before they were reached: in the record of one actor, which each
// further one writes again.
inline constexpr std::size_t max_revoked = 4'000;
// Loads of one turn: each runs the turn again from its beginning.
inline constexpr std::size_t max_loads_per_turn = 1'000;
// Log not yet folded: what recovery reads, at some 500 MB/s.
inline constexpr std::uint64_t log_limit = std::uint64_t{1} << 30;
// Overlay not yet folded: memory beside `node_options::memory`.
inline constexpr std::uint64_t overlay_limit = std::uint64_t{256} << 20;
// Records of history that are replayed before others run, or their bytes: a few hundred microseconds.
inline constexpr std::size_t replay_slice = 256;
inline constexpr std::size_t replay_slice_bytes = std::size_t{64} << 10;
// Actors and instances in memory beyond which those leave that had nothing to do for a minute: a quarter of a
// gigabyte of waiting instances.
inline constexpr std::size_t resident_hosts = 100'000;
// Timers fired at a time after a forward step of the clock.
inline constexpr std::size_t timer_slice = 1'000;
// Timers in memory of those that were due while the node was down: some 25 MB.
inline constexpr std::size_t timers_ahead = 50'000;
// Deaths of the process that one message may be blamed for before it is set aside.
inline constexpr unsigned max_crashes = 3;
// How long the first of those who may have killed the process is alone; doubled by every further death
// that leaves more than one.
inline constexpr std::chrono::seconds trial = 1s;
// How long they are remembered when all have lived through their time: one may kill late.
inline constexpr std::chrono::minutes suspicion = 10min;
// A turn that runs for so long is named while it runs; how often is looked.
inline constexpr std::chrono::seconds hanging = 5s;
// How long a cancelled activity may go on before its thread counts as lost and is replaced.
inline constexpr std::chrono::seconds cancel_grace = 30s;
// Records that a sweep in the background lets go of at a time: some milliseconds of work, as much for the log
// as a large transition.
inline constexpr std::size_t sweep_slice = 1'000;
// How long an idempotency key is remembered.
inline constexpr std::chrono::hours dedup_ttl = 24h;
// An answer kept with an idempotency key; beyond it only the status is kept.
inline constexpr std::size_t dedup_answer_bytes = std::size_t{64} << 10;
// Keys of the tables that an open counts before it is done: some 30 ms. The rest is counted beside
// the work, in slices that a fold can wait for.
inline constexpr std::size_t keys_counted_at_open = 250'000;
inline constexpr std::size_t keys_counted_at_once = 2'000;
// A log segment: big enough that changing it is rare, small enough to prewrite in a second.
inline constexpr std::size_t segment_bytes = std::size_t{64} << 20;
// LMDB's own bound (MDB_MAXKEYSIZE of the packaged builds).
inline constexpr std::size_t max_key_bytes = 511;
// An entry's own key: what a longest type, actor key and table name leave of max_key_bytes.
inline constexpr std::size_t max_entry_key = 123;
// A paged reader starts again after this: a view pins pages of the tables.
inline constexpr std::chrono::milliseconds view_ttl = 100ms;

}  // namespace reprise::limits
