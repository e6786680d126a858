// What one operation on one actor changes, as a value. The host performs it: it becomes records,
// messages and an answer of one transition. A rejected or failed turn has an answer and nothing
// else.

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

// One entry of a `table<Key, T>`: put when it has a value, erased when not.
struct entry_write {
  std::string table;  // durable name of the table
  std::string key;    // order-preserving bytes of the key
  std::optional<payload> value;
};

enum class emission_kind : std::uint8_t { tell = 1, start = 2, raise = 3 };

struct emission {
  emission(emission_kind k, request&& w, time_point not_before)
      : kind(k), what(std::move(w)), due(not_before) {}
  emission_kind kind;
  request what;  // tell: an operation; start: an orchestration; raise: an event, key = instance id
  time_point due;  // tell: not before; the epoch means at once
};

// A record that the turn wanted and the host did not have: load it, run the turn again.
struct need {
  std::string table;
  std::string first;                // key, or begin of a page
  std::optional<std::string> last;  // page: end, exclusive; "" = to the end of the table
};

struct turn_result {
  std::optional<need> missing;  // set: everything else is discarded
  result<payload> answer = payload{};
  std::optional<payload> state;  // set: written whole
  bool erased = false;  // the actor and all its entries go; `state` and `entries` come after
  std::vector<entry_write> entries;  // one per key, by table and key
  std::vector<emission> emissions;   // in the order of the calls
};

}  // namespace reprise::internal
