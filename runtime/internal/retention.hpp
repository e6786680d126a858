// Purges instances that ended long enough ago, by how they ended: in the background, the oldest first,
// never more than a slice at a time.

#pragma once

namespace reprise::runtime {

class engine;

// Looks once, if anything is to be kept for a time only. Called now and then by the timer service.
void retire_ended(engine&);

}  // namespace reprise::runtime
