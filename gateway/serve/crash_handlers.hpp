// Handlers that record which user code was running when the process dies: on fatal signals,
// std::terminate, and exit from user code. Handlers that were installed before are called afterwards, and
// cores are dumped as usual. Stack overflows are recorded too, for frames of up to 1 MiB: threads that run
// user code have an alternate signal stack, and threads started later have guard pages of that size.

#pragma once

namespace reprise::gateway {

// Call once per process, before threads start.
void install_crash_handlers();

}  // namespace reprise::gateway
