#include "tests/bench/rows.hpp"

namespace reprise::bench {

const std::vector<row_group>& row_groups() {
  static const std::vector<row_group> all = {
      // First: what other rows gave back to the allocator would be taken for memory that costs nothing.
      {"memory", "bytes of an idle resident actor beside its state", {}, run_memory_row},
      {"actors",
       "durable actor calls, 64 and 1,024 callers, few and many keys; open loop at 70%",
       {"group_commit"},
       run_actor_rows},
      {"hot_actor",
       "one actor, 256 callers: many turns share one flush",
       {"group_commit"},
       run_hot_actor_row},
      {"transient",
       "transient messages of 1 KiB between two actors",
       {"caf_hop"},
       run_transient_rows},
      {"orchestrations",
       "hello_cities (five durable activities), 256 in flight",
       {"group_commit"},
       run_orchestration_row},
      {"latency",
       "one instance with five activities in sequence, durable and speculative",
       {"flush"},
       run_latency_rows},
      {"fan_out", "1,000 activities at once and their sum", {"group_commit"}, run_fan_out_rows},
      {"events", "events from outside to one instance", {"group_commit"}, run_event_row},
      {"timers",
       "100,000 timers due within ten seconds: how late they are",
       {"caf_hop"},
       run_timer_row},
      {"http", "durable actor calls over 64 connections kept alive", {}, run_http_row},
      {"open", "opening a store of 1,000,000 instances; recovering a full log", {}, run_open_rows},
      {"history",
       "an instance with 100,000 events: one more turn, resident and cold; others meanwhile",
       {},
       run_history_rows},
      {"growth", "what an operation costs as actors and histories grow", {}, run_growth_rows},
      {"idle", "a node that has nothing to do", {}, run_idle_row},
  };
  return all;
}

}  // namespace reprise::bench
