// The parts of a node that turns and background work use: wired once by the node and passed by
// reference. It is all that rooms below the node know of it.
//
// What every turn uses is concrete and inline: the clock, the log, the ids. What belongs to a higher
// room, or to the node itself, is an interface, which a test can replace.

#pragma once

#include "actors/time.hpp"
#include "runtime/commit/admission.hpp"
#include "runtime/commit/change_feed.hpp"
#include "runtime/commit/commit_log.hpp"
#include "runtime/commit/crash_policy.hpp"
#include "runtime/commit/end_listeners.hpp"
#include "runtime/commit/node_clock.hpp"
#include "runtime/commit/observer.hpp"
#include "runtime/exec/executor.hpp"
#include "runtime/message/activity_runner.hpp"
#include "runtime/message/outside_ids.hpp"
#include "runtime/message/router.hpp"
#include "runtime/message/timers.hpp"
#include "runtime/reading/record_reader.hpp"

namespace reprise {
class bindings;
}

namespace reprise::runtime {

class crash_slate;
class lock_table;

struct turn_services {
  const bindings& app;
  executor& exec;
  node_clock& clock;
  commit_log& log;
  record_reader& reader;
  runtime::router& router;
  runtime::timers& timers;
  activity_runner& activities;
  crash_policy& letters;
  lock_table& locks;
  runtime::admission& admission;
  const runtime::observer& observer;
  outside_ids& ids;
  change_feed& changes;
  end_listeners& ends;
  crash_slate* slate;  // null: crashes are not counted

  time_point now() const { return clock.now(); }  // node time
};

}  // namespace reprise::runtime
