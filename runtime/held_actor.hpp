// An actor in a critical section, as operators see it: which instance holds it, and since when.

#pragma once

#include <string>

#include "actors/time.hpp"

namespace reprise {

struct held_actor {
  std::string type, key;
  std::string instance;  // whose section it is
  time_point since{};
};

}  // namespace reprise
