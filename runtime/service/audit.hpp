// After an open, in the background: looks at every unfinished instance for a step that nothing would ever
// answer: no record of a message, an answer, a timer, a request or a child stands for it. By the
// invariants there is none; what a bug, a lost page or a hand on the tables took away is named and
// mended, so that an instance never waits for ever in silence.
//
// A lost timer is set again, a lost activity is started again (at least once is its promise). A lost
// call is answered with cause::unknown_outcome: whether it was done cannot be known, and its caller
// decides.

#pragma once

namespace reprise::runtime {

struct turn_services;

// One instance after the other, each from what is durable; ends by itself, or with the node.
void begin_audit(turn_services&);

}  // namespace reprise::runtime
