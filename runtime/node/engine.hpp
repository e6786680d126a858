// What one node is made of, wired once, by name: no globals, no registration.
//
// Order of the members is the order of construction; shutdown (engine::close) is the one place that
// knows the reverse order of threads. Hosts, timers and activities borrow the engine.

#pragma once

#include <algorithm>
#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "actors/application.hpp"
#include "persistence/limits.hpp"
#include "persistence/store.hpp"
#include "runtime/actor/lock_table.hpp"
#include "runtime/commit/change_feed.hpp"
#include "runtime/commit/commit_log.hpp"
#include "runtime/commit/node_clock.hpp"
#include "runtime/crash/crash_slate.hpp"
#include "runtime/dead_letters/dead_letters.hpp"
#include "runtime/dead_letters/suspects.hpp"
#include "runtime/exec/executor.hpp"
#include "runtime/host/directory.hpp"
#include "runtime/log_sink.hpp"
#include "runtime/message/keyed_hash.hpp"
#include "runtime/message/message.hpp"
#include "runtime/node.hpp"
#include "runtime/service/activity_service.hpp"
#include "runtime/service/sweeps.hpp"
#include "runtime/service/timer_service.hpp"
#include "runtime/span.hpp"

namespace reprise::runtime {

struct engine_options {
  std::size_t memory = 512u << 20;
  std::vector<std::pair<std::string, unsigned>> pools;
  std::size_t hosts = limits::resident_hosts;  // above it those that rest leave memory
  log_sink log;
  span_sink spans{};  // none: no work carries a trace
  reprise::retention retention{};
  std::uint64_t nonce = 0;  // of this boot: ids of messages from outside
  std::string secret = std::string(keyed_hash::size, '\0');  // of the folder
  std::shared_ptr<crash_slate> slate;                        // none: no death is counted
  std::function<void(std::string)> on_failed;  // once, when it has failed; serve exits 70
};

enum class engine_state : std::uint8_t { opening, ready, recovering, failed, closed };

class engine {
 public:
  engine(application, std::unique_ptr<persistence::store>, std::unique_ptr<executor>,
         engine_options);
  ~engine();  // without `close`: a crash

  // Reads what is pending and lets hosts run. Blocks; the store is open.
  result<> recover();
  void close();  // what comes after the first call finds it done

  const application app;
  const engine_options options;
  const std::unique_ptr<persistence::store> store;
  const std::unique_ptr<executor> exec;
  const keyed_hash names;  // of what clients choose
  node_clock clock;
  commit_log log;
  lock_table locks;
  directory hosts;
  timer_service timers;
  activity_service activities;
  dead_letters letters;
  suspects on_trial;
  change_feed changes;
  runtime::sweeps sweeps;

  time_point now() { return clock.now(); }  // node time. Any thread

  // Off the strand; `done` is called from any thread, never when the engine is gone.
  void load(persistence::load_request, callback<persistence::load_answer> done);

  // Of a message without a record. So many follow it that are given to nobody else: who sends very many
  // uses them first, and does not fight with all other threads for each.
  static constexpr std::uint64_t ids_at_once = 64;
  message_id outside_id() { return {0, options.nonce, counter_.fetch_add(1) * ids_at_once}; }
  // From outside or unlogged: no record. Refusals are answered through `done`.
  void deliver(message_ptr);

  engine_state state() const noexcept { return state_.load(std::memory_order_acquire); }
  bool may_run(host& asking);  // false: the host is parked and will be woken
  failure refusal() const;     // why the edge refuses now: overloaded, storage_full, unavailable
  bool admits() const noexcept;
  bool is_full() const { return state() == engine_state::ready && store->load_state().full; }

  void say(log_level, std::string_view text, std::string_view instance = {}) const;
  void report(span s) const {
    if (options.spans) options.spans(std::move(s));
  }

  // The instance has ended, durably: those who wait for it are told.
  using end_told = callback<const result<payload>&>;
  void ended(const std::string& id, const result<payload>& outcome);
  std::uint64_t when_ended(const std::string& id, end_told);
  void forget(const std::string& id, std::uint64_t waiting);
  void forget_waiting();  // nobody will be told of an end any more

  void footprint(std::ptrdiff_t change);
  std::size_t resident_bytes() const noexcept {
    return static_cast<std::size_t>(std::max<std::ptrdiff_t>(memory_.load(), 0));
  }

 private:
  void commit_failed(const persistence::fault&);
  void start_anew();  // after a group that was not written
  // Nothing that was under way is known to be on the disk or not: to be opened again.
  void fail(const std::string& why);
  // `state` once what is queued is dropped; one that is closed, or has failed, stays so.
  void drop_all(engine_state, commit_outcome, const failure& why);
  void is_short_of_room(const persistence::fault&);
  void has_room();
  void wake_parked();
  void passivate();
  void watch();  // names turns that hang

  std::mutex changing_;  // the state, or the epoch of the log
  std::atomic<engine_state> state_{engine_state::opening};
  std::atomic<bool> told_failed_{false};
  std::atomic<bool> shut_{false};  // the store
  std::atomic<std::uint64_t> counter_{1};
  std::atomic<std::ptrdiff_t> memory_{0};
  std::atomic<bool> passivating_{false};
  std::atomic<bool> was_full_{false};  // and that was said
  bool watching_ = false;

  std::mutex parked_mutex_;
  std::vector<std::shared_ptr<host>> parked_;

  std::mutex ended_mutex_;
  std::unordered_map<std::string, std::map<std::uint64_t, end_told>> waiting_for_end_;
};

}  // namespace reprise::runtime
