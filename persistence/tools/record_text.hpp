// Keys and records as JSON, from the decoders of persistence/keys.hpp and the schema in
// persistence/records.capnp. For `store check` and `store dump`.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace reprise::persistence::internal {

// {"type":"stock","key":"tea"}; nothing for a key whose form is not known.
std::optional<std::string> key_json(std::string_view key);
// The table and the key for a sentence: `actors {"type":"stock","key":"tea"}`, or its bytes in hex.
std::string key_text(std::string_view key);

// The record as an object with the fields of its struct; nothing if it is no message of that
// schema.
std::optional<std::string> record_json(std::string_view key, std::string_view value);

// How many events a record of the history table has; nothing if it is no such record.
std::optional<std::uint64_t> events_in(std::string_view value);
// What an instance's header says of its history.
struct history_claim {
  std::uint64_t gen_term = 0, gen_position = 0, events = 0;
};
std::optional<history_claim> claim_of(std::string_view instance_value);

}  // namespace reprise::persistence::internal
