// Makes system calls of this program fail as planned: its definitions take precedence over the C
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
  unsigned first = 0;  // the first to fail, from 1; 0: none, they are only counted
  unsigned times = 1;  // how many fail, one after the other
  int error = 0;       // 0: half of a write is done
};

void arm(const bad_calls&);
// How many calls there were since `arm`, failed ones included.
unsigned disarm();

}  // namespace reprise::fault
