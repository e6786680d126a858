// Memory in pages of 2 MiB, where the system has them, for buffers that are used all at once.
// Recovery touches some 300 MB for the first time, and faulting in each 4 KiB page costs more than
// all other work there, many times as much on a virtual machine.

#pragma once

#include <sys/mman.h>

#include <cstddef>
#include <cstdlib>
#include <memory>
#include <new>
#include <vector>

namespace reprise::persistence::internal {

struct memory_free {
  void operator()(void* memory) const noexcept { std::free(memory); }
};
template <class T>
using memory = std::unique_ptr<T[], memory_free>;

// Allocates `size` bytes without writing to them. Requests huge pages if one fits; the system may
// refuse them, which only costs time.
template <class T = std::byte>
memory<T> make_memory(std::size_t size) {
  constexpr std::size_t page = std::size_t{2} << 20;
  const auto whole = (size + page - 1) & ~(page - 1);
  memory<T> made(
      static_cast<T*>(size < page ? std::malloc(size) : std::aligned_alloc(page, whole)));
  if (made == nullptr && size > 0) throw std::bad_alloc();
  if (size >= page) ::madvise(made.get(), whole, MADV_HUGEPAGE);
  return made;
}

template <class T>
struct huge_page_allocator {
  using value_type = T;
  huge_page_allocator() = default;
  template <class U>
  huge_page_allocator(const huge_page_allocator<U>&) noexcept {}

  T* allocate(std::size_t n) { return make_memory<T>(n * sizeof(T)).release(); }
  void deallocate(T* gone, std::size_t) noexcept { std::free(gone); }
  friend bool operator==(const huge_page_allocator&, const huge_page_allocator&) = default;
};

template <class T>
using large_vector = std::vector<T, huge_page_allocator<T>>;

}  // namespace reprise::persistence::internal
