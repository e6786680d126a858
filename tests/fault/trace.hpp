// What a server did to its files, in order, together with the acknowledgements to its clients. It
// is written by `record_writes` inside the server and by the clients, each entry with one write to
// the end of one file, so their order is that of the machine.
//
// A write is recorded after it returned, and a flush before and after it, so a flush covers at
// least the writes recorded before its start. A write through an O_DSYNC descriptor is recorded
// before it and again (`through`) after it returned.

#pragma once

#include <sys/uio.h>
#include <unistd.h>

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace reprise::fault {

enum class act : std::uint8_t {
  create,        // path: a new file; its inode
  make_folder,   // path; its inode
  write,         // inode, offset, data
  zeros,         // inode, offset, size: a write of zeros only
  through,       // the write before it of this inode is on the disk
  resize,        // inode, size
  rename,        // path, data: the new path
  unlink,        // path
  flush,         // inode and path: begins
  flushed,       // inode and path: has returned
  acknowledged,  // data: what a client was told, in the client's own words
};

struct entry_head {
  std::uint64_t inode = 0, offset = 0, size = 0;
  std::uint32_t path_size = 0, data_size = 0;
  act what = act::create;
};

struct entry {
  entry_head head;
  std::string path, data;
};

// Ours only: 0 on success. Also used inside the server, where nothing may throw.
inline int append(int trace, entry_head head, std::string_view path, std::string_view data) {
  head.path_size = static_cast<std::uint32_t>(path.size());
  head.data_size = static_cast<std::uint32_t>(data.size());
  const iovec parts[] = {{&head, sizeof head},
                         {const_cast<char*>(path.data()), path.size()},
                         {const_cast<char*>(data.data()), data.size()}};
  const auto size = static_cast<ssize_t>(sizeof head + path.size() + data.size());
  return ::writev(trace, parts, 3) == size ? 0 : 1;
}

// Calls `visit` with every complete entry of the file; throws std::runtime_error if it cannot be read.
void each_entry(const std::string& path, const std::function<void(const entry&)>& visit);

}  // namespace reprise::fault
