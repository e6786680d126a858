// Parses the `tracestate` of W3C Trace Context, vendors' data that travels with a trace. It is passed
// on as it came; this server adds no member of its own.
//
// Pure. Threads: any.

#pragma once

#include <string>
#include <string_view>

namespace reprise {

// Returns the list without empty members and without spaces around commas. Empty if the text breaks the
// format, repeats a key or has more than 32 members: it is then dropped as a whole, and the trace goes
// on without it. Above 512 characters members are removed, first those longer than 128, then from the
// end.
std::string read_tracestate(std::string_view);

}  // namespace reprise
