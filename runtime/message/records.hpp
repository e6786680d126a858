// Encodes and decodes the records on disk (persistence/records.capnp).
//
// Encoders return the bytes of a value. Decoders return an empty value if the bytes are not such a
// record: since the checksum was right, a program wrote them so, and the owner is quarantined.

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "actors/history.hpp"
#include "persistence/keys.hpp"
#include "runtime/message/message.hpp"
#include "runtime/message/sparse.hpp"

namespace reprise::runtime::records {

// instances/(id)
struct instance {
  std::string orchestration;
  std::uint8_t status = 6;  // instance_state
  std::uint32_t open_reads = 0;
  reprise::generation generation;
  std::uint64_t events = 0;
  time_point created{}, updated{};
  std::string custom_status;
  sparse<result<payload>> outcome;
  std::string finding;
  sparse<reply_to> parent;            // waits for the end
  std::vector<std::uint64_t> undone;  // numbers of events that a rewind took back, ascending
  time_point due{};                   // pending until then; the epoch: at once
};

// requests/(id, generation, step)
struct request {
  std::uint32_t attempt = 1;
  time_point began{};
  time_point due{};  // the epoch: at once
  std::optional<failure> last{};
  history_event what{};
  time_point deadline{};          // of this attempt, with a timer of the step; the epoch: none
  trace_context trace{};          // of an activity: its trace and its instance's span
  time_point queued{};            // this attempt; the epoch: as `began`
  std::vector<tried> attempts{};  // failed ones: the first and the last few
  std::uint32_t round = 0;        // the rewind that requested the step again; 0: none
};

// dedup/(address, operation, hash)
struct dedup {
  std::uint64_t body = 0;
  time_point at{};
  result<payload> outcome = payload{};
  bool truncated = false;  // the answer was longer than dedup_answer_bytes and is not stored
};

// locks/(address of an actor)
struct lock {
  std::optional<reply_to> holder;  // nullopt: free
  time_point since{};
  std::vector<reply_to> revoked;  // requests no longer wanted that are still in the messages table
};

struct actor {
  payload state;
  time_point updated{};
};

// dead_letters/(address, message id)
struct dead_letter {
  message_ptr what;                         // null: an activity, or the whole address
  std::optional<records::request> attempt;  // of an activity
  std::optional<failure> why;               // nullopt: only counted so far
  time_point at{};
  std::uint32_t crashes = 0;
  message_id blamed;  // of an instance: the message that it crashed in last
};

std::string encode(const message&);
std::string encode(const instance&);
std::string encode(const std::vector<history_event>&);
std::string encode(const request&);
std::string encode(const dedup&);
std::string encode(const actor&);
std::string encode(const lock&);
std::string encode(const dead_letter&);
std::string encode_entry(const payload&);
std::string encode_step_timer(const generation&, std::uint64_t step);
std::string encode_message_timer(const message&);

// A message's id and address are in its key.
message_ptr decode_message(std::string_view);
std::optional<instance> decode_instance(std::string_view);
bool decode_events(std::string_view, std::uint64_t first, std::vector<history_event>& append_to);
std::optional<request> decode_request(std::string_view);
std::optional<dedup> decode_dedup(std::string_view);
std::optional<actor> decode_actor(std::string_view);
std::optional<lock> decode_lock(std::string_view);
std::optional<dead_letter> decode_dead_letter(std::string_view);
std::optional<payload> decode_entry(std::string_view);
// A step timer gives a `fired` message, a message timer the message itself.
message_ptr decode_timer(std::string_view);

inline persistence::owner owner_of(const address& a) {
  return {static_cast<std::uint8_t>(a.kind), a.type, a.key};
}
inline address address_of(const persistence::keys::stored_owner& o) {
  return {static_cast<address_kind>(o.kind), o.type, o.key};
}

}  // namespace reprise::runtime::records
