#include "persistence/tools/offline.hpp"

#include "persistence/lmdb/look.hpp"
#include "persistence/lmdb/needs.hpp"
#include "persistence/lmdb_store.hpp"

namespace reprise::persistence::internal {

result<std::unique_ptr<offline_folder>> open_offline(const std::string& path) {
  auto off = std::make_unique<offline_folder>();
  auto folder = open_existing_folder(path);
  if (!folder) return std::move(folder).error();
  off->folder = std::move(*folder);
  auto opened =
      tables::open(off->folder.tables(), lmdb_options{}.map_bytes, tables::access::read_only);
  if (!opened) return std::move(opened).error();
  off->on_disk = std::move(*opened);
  off->above.emplace(off->on_disk->state().folded);
  auto extent = off->above->load(off->folder.log(), off->folder.id);
  if (!extent) return std::move(extent).error();
  off->log = std::move(*extent);
  off->above->advance(off->log.next - 1);
  // What is damaged is for whoever looks: only a newer program's folder is refused here.
  if (auto known = require_known_needs(path, *off->above, *off->on_disk);
      !known && known.error().code == errc::newer)
    return known.error();
  return off;
}

result<void> each_record(offline_folder& off, const record_visitor& visit,
                         const keys::range& within) {
  auto in = off.on_disk->look();
  if (!in) return std::move(in).error();
  const auto from = off.above->look();
  merged_range merged(from, *in, within.first, within.second);
  while (const auto record = merged.next()) visit(record->first, record->second);
  if (merged.error()) return *merged.error();
  return {};
}

}  // namespace reprise::persistence::internal
