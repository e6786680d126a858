// Runs in the background after an open: looks in every unfinished instance for a step that nothing
// would ever answer, because it has no record of a message, an answer, a timer, a request or a child.
// The invariants exclude such a step. One caused by a bug, a lost page or a manual change of the tables
// is logged and repaired, so that no instance waits for ever in silence.
//
// A lost timer is set again, and a lost activity is started again (it promises at-least-once). A lost
// call is answered with cause::unknown_outcome: its effect cannot be known, and its caller decides.

#pragma once

namespace reprise::runtime {

struct turn_services;

// Checks one instance after another against durable records; ends by itself, or with the node.
void begin_audit(turn_services&);

}  // namespace reprise::runtime
