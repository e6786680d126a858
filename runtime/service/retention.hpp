// Retention: purges instances that ended long enough ago, by how they ended. A sweep over an index of
// ends, so only what expires is read.
//
// Every end writes an index entry, whether or not a retention is set. A folder of a program that wrote
// none is scanned once, when a retention is first set (`list_ended`).

#pragma once

#include <vector>

#include "runtime/exec/callback.hpp"
#include "runtime/options.hpp"
#include "runtime/service/sweeper.hpp"

namespace reprise::runtime {

// Returns one index for each way to end that has a retention.
std::vector<sweeper::index> ended_instances(turn_services&, const retention&);

// Adds all ended instances to the index, unless that was done before; calls `whole` with whether the
// index is complete.
void list_ended(turn_services&, callback<bool> whole);

}  // namespace reprise::runtime
