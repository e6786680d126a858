// The parts of one node, wired once, by name: no globals, no registration.
//
// Members are constructed in the order of declaration; engine::close is the one place that knows the
// reverse order of threads. Hosts, timers and activities use it through turn_services.hpp: nothing
// outside this room knows the engine.

#pragma once

#include <algorithm>
#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "actors/application.hpp"
#include "persistence/limits.hpp"
#include "persistence/store.hpp"
#include "runtime/actor/lock_table.hpp"
#include "runtime/commit/admission.hpp"
#include "runtime/commit/change_feed.hpp"
#include "runtime/commit/commit_log.hpp"
#include "runtime/commit/end_listeners.hpp"
#include "runtime/commit/node_clock.hpp"
#include "runtime/commit/observer.hpp"
#include "runtime/commit/turn_services.hpp"
#include "runtime/crash/crash_slate.hpp"
#include "runtime/dead_letters/crash_suspects.hpp"
#include "runtime/dead_letters/dead_letters.hpp"
#include "runtime/exec/executor.hpp"
#include "runtime/host/directory.hpp"
#include "runtime/log_sink.hpp"
#include "runtime/message/keyed_hash.hpp"
#include "runtime/message/message.hpp"
#include "runtime/message/outside_ids.hpp"
#include "runtime/message/router.hpp"
#include "runtime/node.hpp"
#include "runtime/reading/record_reader.hpp"
#include "runtime/service/activity_service.hpp"
#include "runtime/service/sweeps.hpp"
#include "runtime/service/timer_service.hpp"
#include "runtime/span.hpp"

namespace reprise::runtime {

struct engine_options {
  std::size_t memory = 512u << 20;
  std::vector<std::pair<std::string, unsigned>> pools;
  std::size_t hosts = limits::resident_hosts;  // above it, idle hosts are passivated
  log_sink log;
  span_sink spans{};  // empty: no work carries a trace
  reprise::retention retention{};
  std::uint64_t nonce = 0;  // of this boot: for ids of messages from outside
  std::string secret = std::string(keyed_hash::size, '\0');  // of the folder
  std::shared_ptr<crash_slate> slate;                        // null: crashes are not counted
  // Called once when the node has failed; serve exits 70.
  std::function<void(std::string)> on_failed;
};

enum class engine_state : std::uint8_t { opening, ready, recovering, failed, closed };

class engine final : public record_reader, public router, public admission {
 public:
  engine(application, std::unique_ptr<persistence::store>, std::unique_ptr<executor>,
         engine_options);
  ~engine();  // without `close`: like a crash

  // Reads pending work and lets hosts run. Blocks; the store must be open.
  result<> recover();
  void close();  // idempotent

  const application app;
  const engine_options options;
  const std::unique_ptr<persistence::store> store;
  const std::unique_ptr<executor> exec;
  const keyed_hash names;  // hashes what clients choose
  const runtime::observer observer;
  outside_ids ids;
  node_clock clock;
  commit_log log;
  lock_table locks;
  directory hosts;
  timer_service timers;
  activity_service activities;
  dead_letters letters;
  crash_suspects on_trial;
  change_feed changes;
  runtime::sweeps sweeps;
  end_listeners ends;
  // Last member, as all that it refers to must exist. Earlier members keep a reference to it, but do
  // not use it while they are constructed. It holds references only, so what is destroyed later may
  // still read it.
  turn_services services;

  time_point now() { return clock.now(); }  // node time; any thread

  void load(persistence::load_request, callback<persistence::load_answer> done) override;

  void send(message_ptr m, std::uint64_t epoch) override { hosts.deliver(m, epoch); }
  void deliver(message_ptr) override;
  void release(const address& a) override { hosts.release(a); }

  engine_state state() const noexcept { return state_.load(std::memory_order_acquire); }
  bool may_run(host& asking) override;
  bool is_ready() const noexcept override { return state() == engine_state::ready; }
  bool is_full() const override { return is_ready() && store->load_state().full; }
  bool admits() const noexcept override;
  failure refusal() const override;

  void footprint(std::ptrdiff_t change) override;
  std::size_t resident_bytes() const noexcept {
    return static_cast<std::size_t>(std::max<std::ptrdiff_t>(memory_.load(), 0));
  }

 private:
  void commit_failed(const persistence::fault&);
  void restart_log();  // restarts the log after a group that was not written
  // Fails the node for good: whether work in progress is on disk is unknown, so it must be opened
  // again.
  void fail(const std::string& why);
  // Drops everything queued and enters the state, unless the node is closed or has failed.
  void drop_all(engine_state, commit_outcome, const failure& why);
  void is_short_of_room(const persistence::fault&);
  void has_room();
  void wake_parked();
  void passivate();
  void watch();  // logs turns that hang

  std::mutex changing_;  // guards changes of the state and of the log's epoch
  std::atomic<engine_state> state_{engine_state::opening};
  std::atomic<bool> told_failed_{false};
  std::atomic<bool> shut_{false};  // the store is closed
  std::atomic<std::ptrdiff_t> memory_{0};
  std::atomic<bool> passivating_{false};
  std::atomic<bool> was_full_{false};  // lack of room has been logged
  bool watching_ = false;

  std::mutex parked_mutex_;
  std::vector<std::shared_ptr<host>> parked_;
};

}  // namespace reprise::runtime
