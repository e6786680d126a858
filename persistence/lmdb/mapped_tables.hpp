// Knows which addresses of this process are tables, so that the handler of a fault there can name the file.
//
// Threads: any.

#pragma once

#include <cstddef>
#include <string>

namespace reprise::persistence::internal {

class mapped_tables {
 public:
  // Registers a file that is mapped already; reads its addresses from the kernel.
  explicit mapped_tables(const std::string& path);
  ~mapped_tables();
  mapped_tables(const mapped_tables&) = delete;

 private:
  std::size_t slot_;
};

// Marks that this thread is inside LMDB. A damaged page can lead LMDB to any address, even a null
// pointer, and LMDB also writes to copies on the heap. `path` is borrowed.
class inside_tables {
 public:
  explicit inside_tables(const char* path) noexcept;
  ~inside_tables();
  inside_tables(const inside_tables&) = delete;
};

// Prints to standard error that this file is damaged and how it was found, then ends the process.
[[noreturn]] void end_for_damage(const char* path, const char* how) noexcept;

}  // namespace reprise::persistence::internal
