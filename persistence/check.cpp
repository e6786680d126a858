#include "persistence/check.hpp"

#include <fcntl.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <utility>

#include "persistence/batch.hpp"
#include "persistence/keys.hpp"
#include "persistence/limits.hpp"
#include "persistence/lmdb/look.hpp"
#include "persistence/log/segment_log.hpp"
#include "persistence/tools/offline.hpp"
#include "persistence/tools/record_text.hpp"

namespace reprise::persistence {

namespace {

using namespace internal;

using line_sink = std::function<void(std::string_view)>;
using progress_sink = std::function<void(std::uint64_t done, std::uint64_t all)>;

constexpr std::uint64_t records_between_tellings = 1000;

class checker {
 public:
  checker(check_report& report, const line_sink& line, const progress_sink& progress)
      : report_(report), line_(line), progress_(progress) {}

  void found(std::string what) {
    if (line_) line_(what);
    report_.findings.push_back(std::move(what));
  }

  // Sets the total for progress. All records are checked once, those of instances again with their histories.
  void expect(const table_sums& sums) {
    const auto of = [&](table t) { return sums[static_cast<std::size_t>(t)].keys; };
    all_ = sums.keys() + of(table::instances) + of(table::history);
  }
  void looked_at_one() {
    if (++done_ % records_between_tellings == 0) tell();
  }
  void tell() const {
    if (progress_) progress_(done_, std::max(done_, all_));
  }

  // Checks every record of the tables, then the sums.
  void look_at(tables& on_disk, const std::string& path) {
    auto in = on_disk.look();
    if (!in) return found(in.error().text);
    table_sums sums;
    auto record = in->seek({});
    for (; record && *record; record = in->next()) {
      const auto& [key, stored] = **record;
      if (key == table_state_key) continue;
      ++report_.records;
      look_at_record(path, key, stored);
      sums.count(key, table_sums::come);
      if (const auto sought = in->get(key); !sought)
        return found(sought.error().text);
      else if (!*sought)
        found(path + ": " + key_text(key) + ": it is there, but a search does not find it");
    }
    if (!record) return found(record.error().text);
    for (const auto& differ : differences(sums, on_disk.state().sums)) found(path + ": " + differ);
  }

  void look_at_record(const std::string& where, std::string_view key, std::string_view stored) {
    looked_at_one();
    const auto value = verified_value(key, stored);
    if (!value)
      found(where + ": " + key_text(key) + ": the value does not fit its checksum");
    else if (!key_json(key))
      found(where + ": " + key_text(key) + ": the key has a form that is not known");
    else if (!record_json(key, *value))
      found(where + ": " + key_text(key) + ": the value is no record of its table");
  }

  // Checks the records that the log holds above the tables.
  void look_at(const view& above, const std::string& path) {
    for (const auto& l : above.layers)
      for (const auto* n = l->first_from({}); n != nullptr; n = n->next())
        if (const auto newest = layer::newest(*n, above.at); newest.is == finding::what::stored)
          look_at_record(path, n->key, newest.stored);
  }

  // Checks, over tables and log together, that every instance has as many events as its header counts.
  void look_at_histories(offline_folder& off) {
    auto in = off.on_disk->look();
    if (!in) return found(in.error().text);
    const auto from = off.above->look();
    const auto all = keys::instances_range();
    const auto walked = each_record(
        off,
        [&](std::string_view key, std::string_view stored) {
          looked_at_one();
          const auto id = keys::read_instance(key);
          const auto value = verified_value(key, stored);
          const auto claim = id && value ? claim_of(*value) : std::nullopt;
          if (!claim) return;
          const auto range = keys::history_range(*id, claim->gen_term, claim->gen_position);
          std::uint64_t events = 0;
          merged_range history(from, *in, range.first, range.second);
          while (const auto record = history.next()) {
            looked_at_one();
            if (const auto events_value = verified_value(record->first, record->second))
              events += events_in(*events_value).value_or(0);
          }
          if (events != claim->events)
            found(key_text(key) + ": the header counts " + std::to_string(claim->events) +
                  " events, its history has " + std::to_string(events));
        },
        all);
    if (!walked) found(walked.error().text);
  }

  // Checks that every history and request belongs to an instance and its current generation, every
  // resend to an instance, and every entry to an actor.
  void look_for_orphans(offline_folder& off) {
    auto in = off.on_disk->look();
    if (!in) return found(in.error().text);
    const auto from = off.above->look();
    for (const auto& [of, group_of] : {std::pair{table::history, &history_of},
                                       {table::requests, &requests_of},
                                       {table::resends, &visit_to},
                                       {table::entries, &entries_of}}) {
      auto [at, last] = keys::whole(of);
      while (const auto record = merged_range(from, *in, at, last).next()) {
        const auto one = group_of(record->first);
        if (!one) {
          at = std::string(record->first) + '\0';  // already reported as a key that is not known
          continue;
        }
        if (!is_owned(*one, from, *in)) found(one->words);
        at = one->end;
      }
    }
  }

 private:
  // Adjacent records that have one owner.
  struct group {
    std::string words;                                                  // if it is missing
    std::string owner;                                                  // the owner's key
    std::optional<std::pair<std::uint64_t, std::uint64_t>> generation;  // that the owner must be of
    std::string end;                                                    // after the last of them
  };

  static group of_generation(const char* what, const std::string& id, std::uint64_t term,
                             std::uint64_t position, std::string end) {
    return {std::string(what) + " of " + id + ", generation " + std::to_string(term) + "." +
                std::to_string(position) + ": no instance owns it",
            keys::instance(id), std::pair(term, position), std::move(end)};
  }
  static std::optional<group> history_of(std::string_view key) {
    const auto e = keys::read_event(key);
    if (!e) return std::nullopt;
    return of_generation("history", e->id, e->gen_term, e->gen_position,
                         keys::history_range(e->id, e->gen_term, e->gen_position).second);
  }
  static std::optional<group> requests_of(std::string_view key) {
    const auto r = keys::read_request(key);
    if (!r) return std::nullopt;
    const auto last = keys::request(r->id, r->gen_term, r->gen_position, ~std::uint64_t{0});
    return of_generation("request", r->id, r->gen_term, r->gen_position, last + '\0');
  }
  static std::optional<group> visit_to(std::string_view key) {
    const auto id = keys::read_resend(key);
    if (!id) return std::nullopt;
    return group{"resend of " + *id + ": no instance owns it", keys::instance(*id), std::nullopt,
                 std::string(key) + '\0'};
  }
  static std::optional<group> entries_of(std::string_view key) {
    const auto e = keys::read_entry(key);
    if (!e) return std::nullopt;
    return group{"entries of " + e->type + "/" + e->key + ": no actor owns them",
                 keys::actor(e->type, e->key), std::nullopt,
                 keys::entries_of(e->type, e->key).second};
  }

  // A record that cannot be read was reported already; it counts as the owner of whatever names it.
  static bool is_owned(const group& of, const view& from, tables::reader& in) {
    const auto record = merged_range(from, in, of.owner, of.owner + '\0').next();
    if (!record || !of.generation) return record.has_value();
    const auto value = verified_value(record->first, record->second);
    const auto claim = value ? claim_of(*value) : std::nullopt;
    return !claim || *of.generation == std::pair(claim->gen_term, claim->gen_position);
  }

  check_report& report_;
  const line_sink& line_;
  const progress_sink& progress_;
  std::uint64_t done_ = 0, all_ = 0;
};

// Overwrites everything after the end of the log, so that it is never read as a part of the log again.
result<void> cut_beyond(const data_folder& folder, const log_extent& log, check_report& report) {
  for (const auto& b : log.beyond) {
    auto f = file::open(b.path, O_RDWR);
    if (!f) return std::move(f).error();
    const bool whole_segment = b.term == 0;
    int error = f->write(
        whole_segment ? encode(segment_header{}, folder.id) : std::string(frame_header_size, '\0'),
        b.offset);
    if (error == 0) error = f->sync_data();
    if (error != 0) return system_fault("write", b.path, error);
    ++report.cut;
  }
  // The header of a later segment would still claim that the log continues.
  for (const auto& f : log.other) {
    const auto last = log.live.empty() ? 0 : log.live.back().header->sequence;
    if (f.header && f.header->sequence <= last) continue;
    auto segment = file::open(f.path, O_RDWR);
    if (!segment) return std::move(segment).error();
    int error = segment->write(encode(segment_header{}, folder.id), 0);
    if (error == 0) error = segment->sync_data();
    if (error != 0) return system_fault("write", f.path, error);
  }
  return {};
}

// Continues a log that is missing or ends below the tables in a new segment.
result<void> begin_again(const data_folder& folder, const log_extent& log, position folded) {
  std::uint64_t sequence = 0;
  std::uint64_t number = 0;
  for (const auto* list : {&log.live, &log.other})
    for (const auto& f : *list) {
      if (f.header) sequence = std::max(sequence, f.header->sequence);
      const auto name = std::filesystem::path(f.path).stem().string();
      number = std::max<std::uint64_t>(number, std::strtoull(name.c_str(), nullptr, 10));
    }
  const segment_log::settings settings{folder.log(), folder.id, folder.segment_bytes};
  return segment_log::create(settings, number + 1, {sequence + 1, folded + 1, 0});
}

result<void> cut_log(offline_folder& off, check_report& report) {
  const auto folded = off.on_disk->state().folded;
  auto highest = off.log.term;
  for (const auto& b : off.log.beyond) highest = std::max(highest, b.term);
  if (auto cut = cut_beyond(off.folder, off.log, report); !cut) return cut;
  if (off.log.live.empty() || off.log.next <= folded)
    if (auto begun = begin_again(off.folder, off.log, folded); !begun) return begun;
  // No term is used twice, even if the frames that used it are gone.
  auto extent = scan_log(off.folder.log(), off.folder.id, folded, {});
  if (!extent) return extent.error();
  if (auto damaged = damage_of(*extent)) return *std::move(damaged);
  auto log =
      segment_log::open({off.folder.log(), off.folder.id, off.folder.segment_bytes}, *extent);
  if (!log) return std::move(log).error();
  highest = std::max(highest, off.on_disk->state().term);
  if (auto written = (*log)->write(highest, extent->next, {}); !written) return written.error();
  return (*log)->flush();
}

}  // namespace

result<check_report> check_folder(const std::string& path, repair what, const line_sink& line,
                                  const progress_sink& progress) {
  check_report report;
  checker with(report, line, progress);
  auto off = open_offline(path);
  if (!off) {
    if (off.error().code != errc::corrupt) return std::move(off).error();
    with.found(off.error().text);
    return report;
  }
  if (what == repair::cut && !(*off)->log.damage.empty()) {
    if (auto cut = cut_log(**off, report); !cut) return cut.error();
    off->reset();  // releases the folder
    auto again = check_folder(path, repair::nothing, line, progress);
    if (again) again->cut = report.cut;
    return again;
  }
  for (const auto& d : (*off)->log.damage) with.found(d);
  with.expect((*off)->on_disk->state().sums);
  with.look_at(*(*off)->on_disk, (*off)->folder.tables() + "/data.mdb");
  with.look_at((*off)->above->look(), (*off)->folder.log());
  with.look_at_histories(**off);
  with.look_for_orphans(**off);
  with.tell();
  const auto folded = (*off)->on_disk->state().folded;
  report.frames = (*off)->log.frames;
  report.last = (*off)->log.next - 1;
  report.transitions = report.last > folded ? report.last - folded : 0;
  return report;
}

}  // namespace reprise::persistence
