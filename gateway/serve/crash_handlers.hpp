// Marks the code in which the process dies: on fatal signals, std::terminate, and exit from user code.
// What was installed before is called after; a core is dumped as without. A stack that overflows is
// seen too, with frames of up to 1 MiB: the threads that run user code have another for signals, and
// threads that start later have a guard of that size.

#pragma once

namespace reprise::gateway {

// Once per process, before threads start.
void install_crash_handlers();

}  // namespace reprise::gateway
