// A data folder that no process holds, opened without changing it: its tables, and the log above
// them. For `store check` and `store dump`.

#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "persistence/folder/folder.hpp"
#include "persistence/keys.hpp"
#include "persistence/lmdb/tables.hpp"
#include "persistence/log/log_scan.hpp"
#include "persistence/memtable/overlay.hpp"

namespace reprise::persistence::internal {

struct offline_folder {
  data_folder folder;
  std::unique_ptr<tables> on_disk;
  std::optional<overlay> above;
  log_extent log;
};

// Locks the folder. A damaged log is reported in `log`; damaged tables are a fault.
result<std::unique_ptr<offline_folder>> open_offline(const std::string& folder);

// Visits every record that a store over this folder would show in a range, ascending: its key and
// its stored value.
using record_visitor = std::function<void(std::string_view key, std::string_view stored)>;
result<void> each_record(offline_folder&, const record_visitor&,
                         const keys::range& = {"\x01", "\xff"});

}  // namespace reprise::persistence::internal
