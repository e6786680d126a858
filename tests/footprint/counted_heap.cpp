#include "tests/footprint/counted_heap.hpp"

#include <malloc.h>

#include <atomic>
#include <cstdlib>
#include <new>

namespace {

std::atomic<std::ptrdiff_t> in_use{0};

void* counted(std::size_t size) {
  auto* made = std::malloc(size == 0 ? 1 : size);
  if (made == nullptr) throw std::bad_alloc();
  in_use += static_cast<std::ptrdiff_t>(::malloc_usable_size(made));
  return made;
}

void gone(void* was) noexcept {
  if (was != nullptr) in_use -= static_cast<std::ptrdiff_t>(::malloc_usable_size(was));
  std::free(was);
}

}  // namespace

void* operator new(std::size_t size) { return counted(size); }
void* operator new[](std::size_t size) { return counted(size); }
void operator delete(void* was) noexcept { gone(was); }
void operator delete[](void* was) noexcept { gone(was); }
void operator delete(void* was, std::size_t) noexcept { gone(was); }
void operator delete[](void* was, std::size_t) noexcept { gone(was); }

namespace reprise::testing {

std::ptrdiff_t heap_bytes() noexcept { return in_use; }

}  // namespace reprise::testing
