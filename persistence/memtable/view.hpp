// What a load sees of the overlay: the durable position and the layers of one moment.
//
// Threads: any; a view keeps its layers alive.

#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "persistence/memtable/layer.hpp"
#include "persistence/store.hpp"

namespace reprise::persistence::internal {

struct view {
  position at = 0;
  std::vector<std::shared_ptr<const layer>> layers;  // newest first

  // Returns what the newest layer that knows the key says of it.
  finding find(std::string_view key) const noexcept;
};

// Answers if the layers decide every key and no page is requested, so that the tables need not be read.
std::optional<load_answer> look_in_layers(const load_request&, const view&);

// Returns the value of a stored record; a damaged one is named in the answer and absent.
std::optional<std::string> value_of(std::string_view key, std::string_view stored, load_answer&);

}  // namespace reprise::persistence::internal
