// The disk format of keys: every key of every table, with its encoder and its decoder.
//
// A key is a table number, then the fields listed below, one after the other:
//   text      its bytes, then one NUL (it must not contain NUL: asserted): shorter texts sort first
//   u8        one byte
//   u32, u64  big-endian: bytes sort as numbers do
//   time      nanoseconds since the epoch as u64 with the sign bit flipped: earlier sorts first
//   bytes     as they are, to the end of the key
// Keys sort bytewise, so all keys that share their first fields form one range. The longest has 511
// bytes (LMDB).
//
// Changing a field of an existing table requires a new record_format (batch.hpp) and a migration.

#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace reprise::persistence {

// Stored as a byte: never renumber. 0 is the store's own record. Further numbers are reserved in
// docs/disk-format.md.
enum class table : std::uint8_t {
  meta = 1,
  actors,
  entries,
  instances,
  history,
  messages,
  timers,
  requests,
  resends,
  dedup,
  locks,
  dead_letters,
  listing,
};
inline constexpr std::uint8_t table_count = 14;             // including the store's own, number 0
std::string_view table_name(std::uint8_t number) noexcept;  // "?" for an unknown number

// The owner of messages, timers, locks. `kind` is stored: 1 actor, 2 instance (its type is empty).
struct owner {
  std::uint8_t kind = 1;
  std::string_view type;
  std::string_view key;
};

namespace keys {

using range = std::pair<std::string, std::string>;  // [first, last)
using hash128 = std::string_view;                   // 16 bytes

// meta: text name
std::string meta(std::string_view name);

// actors: text type, text key
std::string actor(std::string_view type, std::string_view key);
range actors_range(std::string_view type);

// entries: text type, text key, text table's name, bytes entry key
std::string entry(std::string_view type, std::string_view key, std::string_view name,
                  std::string_view entry_key);
range entries_range(std::string_view type, std::string_view key, std::string_view name);
range entries_of(std::string_view type, std::string_view key);  // all tables of one actor

// instances: text id
std::string instance(std::string_view id);
range instances_range();

// history: text id, u64 generation term, u64 generation position, u64 number
std::string event(std::string_view id, std::uint64_t gen_term, std::uint64_t gen_position,
                  std::uint64_t number);
range history_range(std::string_view id, std::uint64_t gen_term, std::uint64_t gen_position);
range history_of(std::string_view id);  // all generations

// messages: u8 kind, text type, text key, u8 lane, u8 partition (0),
//           u64 term, u64 position, u32 index
std::string message(const owner&, std::uint8_t lane, std::uint64_t term, std::uint64_t position,
                    std::uint32_t index);
range message_lane_range(const owner&, std::uint8_t lane);
range messages_of(const owner&);
range messages_range();

// timers: time due, u8 kind, text type, text key, u64 a, u64 b, u64 c. a, b, c of a delayed message: term,
// position, index. Of a step of an instance: generation term, generation position, step.
std::string timer(std::int64_t due_ns, const owner&, std::uint64_t a, std::uint64_t b,
                  std::uint64_t c);
range timers_until(std::int64_t due_ns);  // including those due at this time
range timers_range();

// requests: text id, u64 generation term, u64 generation position, u64 step
std::string request(std::string_view id, std::uint64_t gen_term, std::uint64_t gen_position,
                    std::uint64_t step);
range requests_of(std::string_view id);
range requests_range();

// resends: text id
std::string resend(std::string_view id);
range resends_range();

// dedup, in two forms. The record: u8 1, u8 kind, text type, text key, text operation, bytes hash
// (16). Its age, with an empty value: u8 2, time recorded, then the fields of the record.
std::string dedup(const owner&, std::string_view operation, hash128 hash);
std::string dedup_age(std::int64_t recorded_ns, const owner&, std::string_view operation,
                      hash128 hash);
range dedup_ages_until(std::int64_t recorded_ns);  // including those recorded at this time

// locks: u8 kind, text type, text key
std::string lock(const owner&);
range locks_range();

// dead_letters: u8 kind, text type, text key, u8 partition (0), u64 term, u64 position, u32 index.
// All three numbers are 0 for an address as a whole. An activity: kind 3, its name, its instance,
// the generation, the step.
inline constexpr std::uint8_t activity_owner = 3;
std::string dead_letter(const owner&, std::uint64_t term, std::uint64_t position,
                        std::uint32_t index);
range dead_letters_range();

// listing, by time of the end, with an empty value: u8 1, u8 state, time of the end, text id. Valid
// only if the instance's header says the same; otherwise it is a leftover and ignored.
std::string ended(std::uint8_t state, std::int64_t at_ns, std::string_view id);
range ended_until(std::uint8_t state, std::int64_t at_ns);  // at this time too

// Returns the range of all keys of one table.
range whole(persistence::table);

// Decoders. Each returns nothing for a key of another table or with another form.
struct stored_owner {
  std::uint8_t kind = 0;
  std::string type, key;
  operator owner() const noexcept { return {kind, type, key}; }
  friend bool operator==(const stored_owner&, const stored_owner&) = default;
};
struct actor_key {
  std::string type, key;
};
struct entry_key {
  std::string type, key, table, entry;
};
struct event_key {
  std::string id;
  std::uint64_t gen_term, gen_position, number;
};
struct message_key {
  stored_owner to;
  std::uint8_t lane, partition;
  std::uint64_t term, position;
  std::uint32_t index;
};
struct timer_key {
  std::int64_t due_ns;
  stored_owner to;
  std::uint64_t a, b, c;
};
struct request_key {
  std::string id;
  std::uint64_t gen_term, gen_position, step;
};
struct dedup_key {
  stored_owner to;
  std::string operation, hash;
};
struct dedup_age_key {
  std::int64_t recorded_ns;
  dedup_key record;
};
struct dead_letter_key {
  stored_owner to;
  std::uint8_t partition;
  std::uint64_t term, position;
  std::uint32_t index;
};

struct ended_key {
  std::uint8_t state;
  std::int64_t at_ns;
  std::string id;
};

std::optional<std::string> read_meta(std::string_view);  // the name
std::optional<actor_key> read_actor(std::string_view);
std::optional<entry_key> read_entry(std::string_view);
std::optional<std::string> read_instance(std::string_view);  // the id
std::optional<event_key> read_event(std::string_view);
std::optional<message_key> read_message(std::string_view);
std::optional<timer_key> read_timer(std::string_view);
std::optional<request_key> read_request(std::string_view);
std::optional<std::string> read_resend(std::string_view);  // the id
std::optional<dedup_key> read_dedup(std::string_view);
std::optional<dedup_age_key> read_dedup_age(std::string_view);
std::optional<stored_owner> read_lock(std::string_view);
std::optional<dead_letter_key> read_dead_letter(std::string_view);
std::optional<ended_key> read_ended(std::string_view);

}  // namespace keys
}  // namespace reprise::persistence
