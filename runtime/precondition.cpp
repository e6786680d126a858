#include "runtime/precondition.hpp"

#include <xxhash.h>

namespace reprise {

std::uint64_t state_tag(const payload& state) noexcept {
  const auto bytes = state.bytes();
  return XXH3_64bits(bytes.data(), bytes.size());
}

}  // namespace reprise
