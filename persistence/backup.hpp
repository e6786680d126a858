// Copies a data folder into a new one, also while another process serves from it and writes: the copy
// is the store as it stood at one moment while the copying began. Backup and restore are this.
//
// How it is consistent without the server's help: a read transaction of LMDB keeps the tables as they
// were, at the position that they had been folded to. What the log holds above that position is read
// next, before the tables are copied; should a fold have freed its segments in between, that is seen
// (the chain of checksums breaks) and both are looked at again. Then the tables are copied from the
// view, key by key, and what the log held is folded in. So a copy holds every transition up to one
// position and none after it. What was acknowledged before the copying began is in it.
//
// It appears whole under its name or not at all: it is made beside it as NAME.partial, flushed, and
// renamed. What an interrupted one leaves is removed by the next.
//
// The copy is a data folder with an id of its own: it can be checked, dumped, replayed and served.
//
// Failure: foreign (no data folder of ours; a target that is not empty), newer, locked (somebody makes
// this very copy), network_fs, full, corrupt (the log or the tables), io.
// Not for a folder that this process itself has open: LMDB allows that once per process.

#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "persistence/errc.hpp"
#include "persistence/store.hpp"

namespace reprise::persistence {

enum class copy_for : std::uint8_t {
  keeping,  // with a log as small as can be
  serving,  // with a log prewritten for the server to come
};

struct copy_report {
  std::uint64_t records = 0;  // in the copy
  position last = 0;          // everything up to here is in the copy
};

// `progress` is called now and then with the records that are copied, and how many there are.
result<copy_report> copy_folder(
    const std::string& from, const std::string& to, copy_for,
    const std::function<void(std::uint64_t done, std::uint64_t all)>& progress = {});

}  // namespace reprise::persistence
