// Checks a data folder that no process holds and reports what is wrong where: the checksum and key
// of every record, the tables against the sums that the folds kept, every frame of the log. Changes
// nothing unless asked to cut the log.
//
// Failure: as for opening a folder (foreign, newer, locked, io). Damage is not a failure but a finding.

#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "persistence/errc.hpp"

namespace reprise::persistence {

enum class repair : std::uint8_t {
  nothing,
  // Overwrites and flushes the headers of the frames after the log's first damaged one, so that the
  // folder opens. Their transitions are lost. Records are not changed.
  cut,
};

struct check_report {
  std::uint64_t records = 0;          // in the tables, all of them checked
  std::uint64_t frames = 0;           // of the log, from where the tables end
  std::uint64_t transitions = 0;      // in those frames, above the tables
  std::uint64_t last = 0;             // the last position
  std::uint64_t cut = 0;              // frames whose headers were overwritten
  std::vector<std::string> findings;  // one sentence each: what, where; empty: the folder is sound
};

// Calls `line` with each finding as it is found. Calls `progress` from time to time and at the end,
// with the records checked so far, some of them twice, and their total. Both are optional.
result<check_report> check_folder(
    const std::string& folder, repair = repair::nothing,
    const std::function<void(std::string_view)>& line = {},
    const std::function<void(std::uint64_t done, std::uint64_t all)>& progress = {});

}  // namespace reprise::persistence
