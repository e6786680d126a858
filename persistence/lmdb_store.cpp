#include "persistence/lmdb_store.hpp"

#include <algorithm>
#include <cassert>
#include <filesystem>
#include <system_error>
#include <utility>

#include "persistence/kill_point.hpp"
#include "persistence/limits.hpp"
#include "persistence/lmdb/disk_store.hpp"
#include "persistence/lmdb/needs.hpp"
#include "persistence/log/log_scan.hpp"

namespace reprise::persistence {

namespace fs = std::filesystem;

namespace internal {

result<std::unique_ptr<disk_store>> disk_store::open(const lmdb_options& options) {
  assert(options.loaders > 0);
  std::unique_ptr<disk_store> s(new disk_store(options));
  auto folder = open_folder(options.folder);
  if (!folder) return std::move(folder).error();
  s->folder_ = std::move(*folder);
  if (options.segment_bytes != 0) s->folder_.segment_bytes = options.segment_bytes;
  s->log_limit_ = options.log_limit;
  if (options.segment_bytes == 0 && s->folder_.segment_bytes < limits::segment_bytes)
    s->log_limit_ =
        std::min<std::uint64_t>(options.log_limit, unfolded_segments * s->folder_.segment_bytes);
  if (auto made = s->make_parts(); !made) return made.error();
  if (auto recovered = s->recover(); !recovered) return recovered.error();
  s->start_threads();
  return s;
}

// Creates the log first and the tables last: a folder without tables was never served, unless its
// log has contents. The log is durable under its name before the tables have theirs.
result<void> disk_store::make_parts() {
  std::error_code error;
  const auto missing = [](const std::string& part, const std::string& there) {
    return fault{errc::corrupt, part + " is missing, but there is " + there +
                                    ". Restore the folder from a backup"};
  };
  if (fs::exists(folder_.tables(), error)) {
    if (fs::exists(folder_.log(), error)) return {};
    return missing(folder_.log(), folder_.tables());
  }
  if (fs::exists(folder_.log(), error)) {
    const auto extent = scan_log(folder_.log(), folder_.id, 0, {});
    if (!extent) return extent.error();
    if (extent->frames > 0 || !extent->beyond.empty())
      return missing(folder_.tables(), "a log with contents in " + folder_.log());
    fs::remove_all(folder_.log(), error);
  }
  if (!error) fs::create_directory(folder_.log(), error);
  if (error) return system_fault("make", folder_.log(), error.value());
  const segment_log::settings settings{folder_.log(), folder_.id, folder_.segment_bytes};
  if (auto made = segment_log::create(settings); !made) return made;
  if (auto synced = file::sync_folder(folder_.path); !synced) return synced;
  return tables::create(folder_.tables(), options_.map_bytes);
}

result<void> disk_store::recover() {
  auto opened = tables::open(folder_.tables(), options_.map_bytes, tables::access::read_write);
  if (!opened) return std::move(opened).error();
  tables_ = std::move(*opened);
  if (auto counted = tables_->count_keys(limits::keys_counted_at_open); !counted)
    return std::move(counted).error();
  overlay_.emplace(tables_->state().folded);
  const auto extent = overlay_->load(folder_.log(), folder_.id);
  if (!extent) return extent.error();
  if (auto damaged = damage_of(*extent)) return *std::move(damaged);
  overlay_->advance(extent->next - 1);
  if (auto known = require_known_needs(folder_.path, *overlay_, *tables_); !known)
    return known.error();
  pass(kill_point::in_recovery);
  auto log = segment_log::open({folder_.log(), folder_.id, folder_.segment_bytes}, *extent);
  if (!log) return std::move(log).error();
  log_ = std::move(*log);
  pass(kill_point::after_rewrite);
  term_ = std::max(tables_->state().term, extent->term);
  if (auto begun = begin_term(); !begun) return begun.error();
  review();
  return {};
}

void disk_store::start_threads() {
  loaders_.emplace(options_.loaders);
  if (options_.fold.mode != fold_mode::background) return;
  const auto wish = wish_to_fold(!overlay_->growing().empty());  // what recovery found
  folder_thread_.emplace(
      [this] {
        const auto folded = fold();
        const bool again =
            full_ || lacks_segment_ || (!folded && folded.error().code == errc::full);
        return again && !failed_ ? fold_thread::outcome::no_room : fold_thread::outcome::done;
      },
      [this] { return count_keys(); });
  ask_others(wish);
}

}  // namespace internal

result<std::unique_ptr<store>> open_lmdb_store(const lmdb_options& options) {
  auto opened = internal::disk_store::open(options);
  if (!opened) return std::move(opened).error();
  return std::unique_ptr<store>(std::move(*opened));
}

result<void> fold_now(store& s) {
  auto* on_disk = dynamic_cast<internal::disk_store*>(&s);
  assert(on_disk != nullptr);
  return on_disk->fold();
}

}  // namespace reprise::persistence
