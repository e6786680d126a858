// Operators' view of an actor in a critical section: which instance holds it, and since when.

#pragma once

#include <string>

#include "actors/time.hpp"

namespace reprise {

struct held_actor {
  std::string type, key;
  std::string instance;  // the holder
  time_point since{};
};

}  // namespace reprise
