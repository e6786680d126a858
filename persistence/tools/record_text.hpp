// Shows keys and records as JSON, using the decoders of persistence/keys.hpp and the schema in
// persistence/records.capnp. For `store check` and `store dump`.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace reprise::persistence::internal {

// Returns {"type":"stock","key":"tea"}; nothing for a key whose form is not known.
std::optional<std::string> key_json(std::string_view key);
// Returns the table and the key for a sentence: `actors {"type":"stock","key":"tea"}`, or the key in hex.
std::string key_text(std::string_view key);

// Returns the record as an object with the fields of its struct; nothing if it is not a message of
// that schema.
std::optional<std::string> record_json(std::string_view key, std::string_view value);

// Returns how many events a record of the history table has; nothing if it is not such a record.
std::optional<std::uint64_t> events_in(std::string_view value);
// What an instance's header says about its history.
struct history_claim {
  std::uint64_t gen_term = 0, gen_position = 0, events = 0;
};
std::optional<history_claim> claim_of(std::string_view instance_value);

}  // namespace reprise::persistence::internal
