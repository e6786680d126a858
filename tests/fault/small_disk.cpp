#include "tests/fault/small_disk.hpp"

#include <fcntl.h>
#include <sys/mount.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <string_view>

namespace reprise::fault {

std::unique_ptr<small_disk> small_disk::mount(kind which, const std::string& folder,
                                              unsigned megabytes) {
  const auto size = std::to_string(megabytes) + "m";
  if (which == kind::tmpfs) {
    if (::mount("tmpfs", folder.c_str(), "tmpfs", 0, ("size=" + size).c_str()) != 0) return nullptr;
  } else {
    const auto image = folder + ".image";
    const auto make = "truncate -s " + size + " " + image + " && mkfs.ext4 -q -F " + image +
                      " && mount -o loop " + image + " " + folder + " 2>/dev/null";
    if (std::system(make.c_str()) != 0) return nullptr;
  }
  return std::unique_ptr<small_disk>(new small_disk(folder));
}

small_disk::~small_disk() {
  ::umount2(folder_.c_str(), MNT_DETACH);
  ::unlink((folder_ + ".image").c_str());
}

void small_disk::take(std::uint64_t bytes) {
  const int file = ::open((folder_ + "/ballast").c_str(), O_CREAT | O_APPEND | O_WRONLY, 0644);
  for (std::uint64_t size = 64 << 10; bytes > 0 && size >= 512;) {
    const std::string some(std::min(bytes, size), 'b');
    const auto done = ::write(file, some.data(), some.size());
    if (done <= 0)
      size /= 2;
    else
      bytes -= static_cast<std::uint64_t>(done);
  }
  ::fsync(file);
  ::close(file);
}

void small_disk::make_room() { ::unlink((folder_ + "/ballast").c_str()); }

}  // namespace reprise::fault
