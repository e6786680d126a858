// Instances that ended long enough ago are purged, by how they ended: a sweep over an index of the ends,
// so nothing is looked at that is not to go.
//
// Every end writes its entry, whether or not anything is kept for a time only. A folder of a program that
// wrote none is looked through once, when a retention is first set (`list_ended`).

#pragma once

#include <vector>

#include "runtime/exec/callback.hpp"
#include "runtime/node.hpp"
#include "runtime/service/sweeper.hpp"

namespace reprise::runtime {

// One for each way to end that is kept for a time only.
std::vector<sweeper::index> ended_instances(turn_services&, const retention&);

// Sees to it that all that have ended are in the index; then, or when it could not, says which.
void list_ended(turn_services&, callback<bool> whole);

}  // namespace reprise::runtime
