// Damage in the pages of the tables, which have no checksums: LMDB follows what they say, to an
// assertion of its own or to an address that is not there. Then the file is named and the process
// ends with status 70; nothing more is read or written.
//
// Of the process, as handlers of signals are. Threads: any.

#pragma once

namespace reprise::persistence {

// For a handler of SIGSEGV and SIGBUS (async-signal-safe): does not return if the address is in the
// tables of a store that is open, or this thread is inside of LMDB.
void end_if_in_tables(const void* address) noexcept;

}  // namespace reprise::persistence
