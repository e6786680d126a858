// A data folder: recognises it, locks it for one process, and knows where its parts are.
//
//   lock      flock'ed by the process that has the folder
//   format    text: "reprise data folder", "format N", "id HEX", "segment N"; one line each
//   tables/   LMDB (lmdb/tables.hpp)
//   log/      segments (log/frame.hpp)

#pragma once

#include <cstdint>
#include <string>

#include "persistence/errc.hpp"
#include "persistence/folder/file.hpp"
#include "persistence/limits.hpp"

namespace reprise::persistence::internal {

inline constexpr unsigned folder_format = 1;
// Segment size on the smallest disks. A frame that does not fit in a segment gets one of its own.
inline constexpr std::size_t smallest_segment = std::size_t{1} << 20;
// How many segments of unfolded log are allowed where segments are small because the disk is.
inline constexpr std::size_t unfolded_segments = 8;

struct data_folder {
  std::string path;
  std::uint64_t id = 0;  // random, created with the folder; seeds the log's checksums
  std::size_t segment_bytes = limits::segment_bytes;  // of its log; chosen at creation
  file lock;                                          // held while this lives

  std::string tables() const { return path + "/tables"; }
  std::string log() const { return path + "/log"; }
};

// Opens and locks the folder, creating it if it is missing or empty. Refuses, before changing anything, a
// folder that is not ours or newer, one that another process holds, and network filesystems.
result<data_folder> open_folder(const std::string& path);
// Returns the id of an existing folder without locking it: for reading while another process holds it.
result<std::uint64_t> folder_id(const std::string& path);
// Opens and locks an existing folder.
result<data_folder> open_existing_folder(const std::string& path);

// Decides by `f_type` of statfs.
bool is_network_filesystem(std::uint64_t type) noexcept;

}  // namespace reprise::persistence::internal
