// Every `new` of this program is counted: how many bytes are in use now, as the allocator rounds them.
//
// Threads: any.

#pragma once

#include <cstddef>

namespace reprise::testing {

std::ptrdiff_t heap_bytes() noexcept;

}  // namespace reprise::testing
