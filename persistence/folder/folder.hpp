// A data folder: whose it is, that only one process has it, and where its parts are.
//
//   lock      flock'ed by the process that has the folder
//   format    text: "reprise data folder", "format N", "id HEX"; one line each
//   tables/   LMDB (internal/tables.hpp)
//   log/      segments (internal/frame.hpp)

#pragma once

#include <cstdint>
#include <string>

#include "persistence/errc.hpp"
#include "persistence/folder/file.hpp"
#include "persistence/limits.hpp"

namespace reprise::persistence::internal {

inline constexpr unsigned folder_format = 1;
// limits::segment_bytes on the smallest disks. A frame that fits in no segment gets one of its own.
inline constexpr std::size_t smallest_segment = std::size_t{1} << 20;
// Segments of log that are not folded, where segments are small because the disk is.
inline constexpr std::size_t unfolded_segments = 8;

struct data_folder {
  std::string path;
  std::uint64_t id = 0;  // random, made with the folder; seeds the log's checksums
  std::size_t segment_bytes = limits::segment_bytes;  // of its log; by the room when it was made
  file lock;                                          // held as long as this lives

  std::string tables() const { return path + "/tables"; }
  std::string log() const { return path + "/log"; }
};

// Takes the folder, making it when it is absent or empty. Refuses, before anything is touched, what
// is not ours, what is newer, what another process holds, and network filesystems.
result<data_folder> open_folder(const std::string& path);
// The id of a folder that must be there, without taking it: for those who read beside its holder.
result<std::uint64_t> folder_id(const std::string& path);
// Takes a folder that must be there.
result<data_folder> open_existing_folder(const std::string& path);

// By `f_type` of statfs.
bool is_network_filesystem(std::uint64_t type) noexcept;

}  // namespace reprise::persistence::internal
