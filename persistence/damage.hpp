// Handles damage in the pages of the tables. They have no checksums, and LMDB follows them into an
// assertion of its own or to an invalid address. Then the process names the file and exits with
// status 70; nothing more is read or written.
//
// Process-wide, like signal handlers. Threads: any.

#pragma once

namespace reprise::persistence {

// For a handler of SIGSEGV and SIGBUS (async-signal-safe). Does not return if the address is in the
// tables of an open store, or if this thread is inside LMDB.
void end_if_in_tables(const void* address) noexcept;

// Prints a complete sentence to standard error, as a fault has it, and ends the process.
[[noreturn]] void end_for_damage(const char* sentence) noexcept;

}  // namespace reprise::persistence
