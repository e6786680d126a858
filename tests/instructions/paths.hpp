// The paths whose instructions are counted: each is a piece of the engine's daily work, on a whole
// node over a store on disk, in one thread with one seed, so that two runs do exactly the same.

#pragma once

#include <span>

namespace reprise::instructions {

struct path {
  const char* name;
  unsigned times;                         // the count is divided by this
  void (*run)(void (*counted)(bool on));  // calls `counted` around the measured part
};

std::span<const path> paths();

}  // namespace reprise::instructions
