// What one operation on one actor changes, as a value. The host turns it into the records, messages
// and answer of one transition. A rejected or failed turn has an answer and nothing else.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "actors/failure.hpp"
#include "actors/payload.hpp"
#include "actors/request.hpp"

namespace reprise::internal {

// One entry of a `table<Key, T>`: written if it has a value, otherwise erased.
struct entry_write {
  std::string table;  // the table's durable name
  std::string key;    // the key, encoded to sort like its values
  std::optional<payload> value;
};

enum class emission_kind : std::uint8_t { tell = 1, start = 2, raise = 3 };

struct emission {
  emission(emission_kind k, request&& w, time_point not_before)
      : kind(k), what(std::move(w)), due(not_before) {}
  emission_kind kind;
  request what;  // tell: an operation; start: an orchestration; raise: an event, key = instance id
  time_point due;  // tell: earliest delivery; the epoch means at once
};

// A record that the turn needs and the host has not loaded: load it and run the turn again.
struct need {
  std::string table;
  std::string first;                // a key, or the start of a page
  std::optional<std::string> last;  // of a page: the end, exclusive; "" = the end of the table
};

struct turn_result {
  std::optional<need> missing;  // if set, everything else is discarded
  result<payload> answer = payload{};
  std::optional<payload> state;  // if set, written whole
  bool erased = false;  // erase the actor and all its entries first; then apply `state`, `entries`
  std::vector<entry_write> entries;  // one for each key, sorted by table and key
  std::vector<emission> emissions;   // in the order of the calls
};

}  // namespace reprise::internal
