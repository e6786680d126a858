// The `tracestate` of W3C Trace Context: what those who take part in a trace say to each other. It goes
// on as it came; this server says nothing of its own in it.
//
// Pure. Threads: any.

#pragma once

#include <string>
#include <string_view>

namespace reprise {

// Without empty members and the spaces around commas. Empty when the text breaks the format, names
// somebody twice or has more than 32 members: then all of it is dropped, and the trace goes on without.
// Over 512 characters members go, first those of more than 128, then the last ones.
std::string read_tracestate(std::string_view);

}  // namespace reprise
