// Calls of the system that fail as told, in this program: what it defines comes before the C
// library's, also for LMDB. Only calls on files below one folder are counted and fail.
//
// Threads: any call; `arm` and `disarm` from one.

#pragma once

#include <cstdint>
#include <string>

namespace reprise::fault {

enum class call : std::uint8_t { open, write, flush, allocate };

struct bad_calls {
  std::string below;  // a folder
  call which = call::write;
  unsigned first = 0;  // which of them fails first, from 1; 0: none, they are counted
  unsigned times = 1;  // so many fail, one after the other
  int error = 0;       // 0: half of a write is done
};

void arm(const bad_calls&);
// How many there were since `arm`, those that failed among them.
unsigned disarm();

}  // namespace reprise::fault
