// Idempotency keys go by age: a sweep over their ages asks each address to let go of those that are older
// than `dedup_ttl`. The host does it on its strand, so a key that is used again meanwhile stays.

#pragma once

#include "runtime/service/sweeper.hpp"

namespace reprise::runtime {

sweeper::index expired_keys(turn_services&);

}  // namespace reprise::runtime
