// Expiry of idempotency keys: a sweep over their ages asks each address to delete those older than
// `dedup_ttl`. The address's host does it on its strand, so a key that is used again meanwhile stays.

#pragma once

#include "runtime/service/sweeper.hpp"

namespace reprise::runtime {

sweeper::index expired_keys(turn_services&);

}  // namespace reprise::runtime
