#include "tests/fault/disk_image.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <stdexcept>
#include <utility>

namespace reprise::fault {

namespace fs = std::filesystem;

namespace {

// A prewritten segment: sector by sector would say nothing more.
constexpr std::uint64_t big_zeros = 64 << 10;

bool taken(std::mt19937_64* chance, unsigned per_mille) {
  return chance == nullptr || (*chance)() % 1000 < per_mille;
}

}  // namespace

void disk_image::write_sectors(content& to, const change& c, std::mt19937_64* chance,
                               unsigned per_mille) {
  if (c.what == act::resize) {
    if (!taken(chance, per_mille)) return;
    to.size = c.size;
    // What is cut reads as zeros when the file grows again.
    to.sectors.erase(to.sectors.lower_bound((c.size + sector_size - 1) / sector_size),
                     to.sectors.end());
    if (const auto rest = c.size % sector_size; rest != 0)
      if (const auto last = to.sectors.find(c.size / sector_size); last != to.sectors.end())
        std::memset(last->second.data() + rest, 0, sector_size - rest);
    return;
  }
  const auto end = c.offset + c.size;
  if (c.what == act::zeros && c.size >= big_zeros) {
    if (!taken(chance, per_mille)) return;
    to.sectors.erase(to.sectors.lower_bound(c.offset / sector_size),
                     to.sectors.lower_bound((end + sector_size - 1) / sector_size));
    to.size = std::max(to.size, end);
    return;
  }
  for (auto at = c.offset; at < end;) {
    const auto number = at / sector_size, next = std::min((number + 1) * sector_size, end);
    if (taken(chance, per_mille)) {
      auto& bytes = to.sectors.try_emplace(number, sector{}).first->second;
      auto* const into = bytes.data() + at % sector_size;
      if (c.what == act::zeros)
        std::memset(into, 0, next - at);
      else
        std::memcpy(into, c.data.data() + (at - c.offset), next - at);
      to.size = std::max(to.size, next);
    }
    at = next;
  }
}

void disk_image::settle(std::uint64_t inode, std::size_t count) {
  auto& file = files_[inode];
  count = std::min(count, file.changes.size());
  for (std::size_t i = 0; i < count; ++i)
    write_sectors(file.certain, file.changes[i], nullptr, 1000);
  file.changes.erase(file.changes.begin(),
                     file.changes.begin() + static_cast<std::ptrdiff_t>(count));
  file.covered -= std::min(file.covered, count);
}

void disk_image::settle_folder(const std::string& folder) {
  for (std::size_t i = 0; i < covered_[folder]; ++i)
    if (folder_changes_[i].flushed_with == folder) folder_changes_[i].certain = true;
}

void disk_image::add_folder_change(const entry& e) {
  folder_change c;
  c.what = e.head.what;
  c.path = e.path;
  c.to = e.data;
  c.inode = e.head.inode;
  c.folder = c.flushed_with = fs::path(e.path).parent_path().string();
  if (c.what == act::create) files_[c.inode] = {};  // numbers are used again
  // What is uncertain in a folder that moves is flushed under its new name.
  if (c.what == act::rename)
    for (auto& before : folder_changes_)
      if (before.flushed_with == c.path) before.flushed_with = c.to;
  folder_changes_.push_back(std::move(c));
}

void disk_image::apply(const entry& e) {
  auto& h = e.head;
  switch (h.what) {
    case act::create:
    case act::make_folder:
    case act::rename:
    case act::unlink:
      return add_folder_change(e);
    case act::write:
    case act::zeros:
    case act::resize:
      files_[h.inode].changes.push_back({h.what, h.offset, h.size, e.data});
      return;
    case act::through: {  // that write alone: those before it stay uncertain
      auto& file = files_[h.inode];
      if (file.changes.empty()) throw std::runtime_error("the trace ends a write that never began");
      const auto last = std::move(file.changes.back());
      file.changes.pop_back();
      write_sectors(file.certain, last, nullptr, 1000);
      return;
    }
    case act::flush:
      files_[h.inode].covered = files_[h.inode].changes.size();
      covered_[e.path] = folder_changes_.size();
      return;
    case act::flushed:
      settle(h.inode, files_[h.inode].covered);
      settle_folder(e.path);
      return;
    case act::acknowledged:
      return;
  }
}

disk_image::names disk_image::names_by(std::mt19937_64& chance, std::size_t& uncertain) const {
  names here;
  for (const auto& c : folder_changes_) {
    if (!c.certain) {
      ++uncertain;
      if (chance() % 2 == 0) continue;
    }
    const bool is_there = here.contains(c.path);
    if (c.path != traced_ && !here.contains(c.folder)) continue;
    if (c.what == act::create || c.what == act::make_folder) here[c.path] = c.inode;
    if (c.what == act::unlink) here.erase(c.path);
    if (c.what != act::rename || !is_there) continue;
    names moved;
    for (auto at = here.lower_bound(c.path); at != here.end() && at->first.starts_with(c.path);) {
      const auto rest = at->first.substr(c.path.size());
      if (!rest.empty() && rest.front() != '/') {
        ++at;
        continue;
      }
      moved[c.to + rest] = at->second;
      at = here.erase(at);
    }
    for (const auto& [path, inode] : moved) here[path] = inode;
  }
  return here;
}

void disk_image::write_file(const std::string& path, const content& c) {
  const int to = ::open(path.c_str(), O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, 0644);
  if (to < 0) throw std::runtime_error("cannot make " + path);
  bool written = ::ftruncate(to, static_cast<off_t>(c.size)) == 0;
  std::string run;  // of sectors one after the other
  std::uint64_t from = 0;
  const auto put = [&] {
    run.resize(std::min<std::uint64_t>(run.size(), c.size > from ? c.size - from : 0));
    written = written && ::pwrite(to, run.data(), run.size(), static_cast<off_t>(from)) ==
                             static_cast<ssize_t>(run.size());
    run.clear();
  };
  for (const auto& [number, bytes] : c.sectors) {
    if (from + run.size() != number * sector_size) {
      put();
      from = number * sector_size;
    }
    run.append(bytes.data(), bytes.size());
  }
  put();
  ::close(to);
  if (!written) throw std::runtime_error("cannot write " + path);
}

std::size_t disk_image::make(const std::string& folder, std::mt19937_64& chance) const {
  std::size_t uncertain = 0;
  const auto here = names_by(chance, uncertain);
  // All, none and anything between: each is likely for as many sectors as there are.
  static constexpr unsigned shares[] = {0, 30, 500, 970, 1000};
  for (const auto& [path, inode] : here) {
    const auto target = folder + path.substr(traced_.size());
    if (inode == 0) {
      fs::create_directories(target);
      continue;
    }
    const auto found = files_.find(inode);
    if (found == files_.end()) continue;
    const auto& file = found->second;
    if (file.changes.empty()) {
      write_file(target, file.certain);
      continue;
    }
    content c = file.certain;
    const auto share = shares[chance() % std::size(shares)];
    auto longest = c.size;
    for (const auto& each : file.changes) {
      uncertain += each.size / sector_size + 1;
      write_sectors(c, each, &chance, share);
      longest = each.what == act::resize ? longest : std::max(longest, each.offset + each.size);
    }
    // A size may be on the disk before the bytes that it promises.
    if (chance() % 2 == 0) c.size = std::max(c.size, longest);
    write_file(target, c);
  }
  return uncertain;
}

}  // namespace reprise::fault
