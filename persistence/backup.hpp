// Copies a data folder into a new one, even while another process serves from it and writes. The
// copy is the store as of one moment after the copying began. Backup and restore both use it.
//
// It is consistent without the server's help. A read transaction of LMDB keeps the tables as they
// were, at the position they were folded to. Next, before the tables are copied, the log above that
// position is read. If a fold frees its segments in between, the chain of checksums breaks; then
// both are read again. Then the tables are copied from the view, key by key, and the log's content
// is folded in. So a copy holds every transition up to one position and none after it, including
// everything that was acknowledged before the copying began.
//
// The copy appears completely or not at all: it is built next to its name as NAME.partial, flushed,
// and renamed. The next copy removes what an interrupted one left.
//
// The copy is a data folder with an id of its own: it can be checked, dumped, replayed and served.
//
// Failure: foreign (not a data folder, or the target is not empty), newer, locked (another process
// is making this very copy), network_fs, full, corrupt (the log or the tables), io. Do not use it
// for a folder that this process has open: LMDB allows that once per process.

#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "persistence/errc.hpp"
#include "persistence/store.hpp"

namespace reprise::persistence {

enum class copy_for : std::uint8_t {
  keeping,  // as a backup: with the smallest possible log
  serving,  // to be served: with a prewritten log
};

struct copy_report {
  std::uint64_t records = 0;  // in the copy
  position last = 0;          // everything up to here is in the copy
};

// Calls `progress` from time to time with the records copied so far and their total.
result<copy_report> copy_folder(
    const std::string& from, const std::string& to, copy_for,
    const std::function<void(std::uint64_t done, std::uint64_t all)>& progress = {});

}  // namespace reprise::persistence
