// Which addresses of this process are tables, so that a fault there can name their file.
//
// Threads: any.

#pragma once

#include <cstddef>
#include <string>

namespace reprise::persistence::internal {

class mapped_tables {
 public:
  // Of a file that is mapped already; the kernel knows where.
  explicit mapped_tables(const std::string& path);
  ~mapped_tables();
  mapped_tables(const mapped_tables&) = delete;

 private:
  std::size_t slot_;
};

// While this thread is in LMDB: a damaged page leads it anywhere, to a null pointer too, and what it
// writes are copies on the heap. `path` is borrowed.
class inside_tables {
 public:
  explicit inside_tables(const char* path) noexcept;
  ~inside_tables();
  inside_tables(const inside_tables&) = delete;
};

// Says on standard error that this file is damaged, and how it was found; ends the process.
[[noreturn]] void end_for_damage(const char* path, const char* how) noexcept;
// The same, in words that a fault has already.
[[noreturn]] void end_for_damage(const char* sentence) noexcept;

}  // namespace reprise::persistence::internal
