// Counts every `new` of this program: the bytes in use now, as the allocator rounds them.
//
// Threads: any.

#pragma once

#include <cstddef>

namespace reprise::testing {

std::ptrdiff_t heap_bytes() noexcept;

}  // namespace reprise::testing
