// A disk that may lose what was not flushed. Fed a trace, it knows at every moment which 512-byte
// sectors and which changes of folders are durable, and creates folders as a power cut could leave
// them: each other sector and change is kept or dropped at random.
//
// Its model of a disk: a sector is written whole or not at all, a flush of a file makes its sectors
// and its size durable, a flush of a folder the changes in it. Nothing else is ordered.

#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "tests/fault/trace.hpp"

namespace reprise::fault {

class disk_image {
 public:
  static constexpr std::size_t sector_size = 512;
  using sector = std::array<char, sector_size>;

  // `traced`: the folder whose paths are in the trace.
  explicit disk_image(std::string traced) : traced_(std::move(traced)) {}

  void apply(const entry&);
  // Creates `folder` (which must not exist) as what `traced` could be after a power cut now.
  // Returns how many sectors and changes were not durable.
  std::size_t make(const std::string& folder, std::mt19937_64& chance) const;

 private:
  struct content {
    std::map<std::uint64_t, sector> sectors;  // absent: zeros
    std::uint64_t size = 0;
  };
  struct change {  // of a file, not durable yet
    act what = act::write;
    std::uint64_t offset = 0, size = 0;
    std::string data;
  };
  struct file_state {
    content certain;
    std::vector<change> changes;
    std::size_t covered = 0;  // by the flush in progress
  };
  struct folder_change {
    act what = act::create;
    std::string folder, path, to;
    std::string flushed_with;  // the folder's current name
    std::uint64_t inode = 0;
    bool certain = false;
  };

  using names = std::map<std::string, std::uint64_t>;  // path: inode; folders are 0

  void settle(std::uint64_t inode, std::size_t count);
  void settle_folder(const std::string& folder);
  void add_folder_change(const entry&);
  names names_by(std::mt19937_64& chance, std::size_t& uncertain) const;
  static void write_sectors(content&, const change&, std::mt19937_64* chance, unsigned per_mille);
  static void write_file(const std::string& path, const content&);

  std::string traced_;
  std::map<std::uint64_t, file_state> files_;
  std::vector<folder_change> folder_changes_;
  std::map<std::string, std::size_t> covered_;  // of folder changes, by flushes in progress
};

}  // namespace reprise::fault
