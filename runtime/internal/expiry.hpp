// Idempotency keys go by age: the records of those older than `dedup_ttl` are erased, now and then.

#pragma once

namespace reprise::runtime {

class engine;

// One slice. Records of an address that has a host stay until it is passivated: they have one
// owner. On the upkeep pool; blocks for reads.
void expire_dedup(engine&);

}  // namespace reprise::runtime
