// What turns use of a node, without a node: a log over a store in memory, one thread and a seed; and for
// all that is the node's own, fakes that keep what they are asked for.

#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "actors/application.hpp"
#include "persistence/keys.hpp"
#include "persistence/memory_store.hpp"
#include "runtime/actor/lock_table.hpp"
#include "runtime/commit/turn_services.hpp"
#include "runtime/exec/simulated_executor.hpp"

namespace reprise::testing {

struct fake_router final : runtime::router {
  void send(runtime::message_ptr m, std::uint64_t epoch) override {
    if (at_send) at_send(*m);
    epochs.push_back(epoch);
    sent.push_back(std::move(m));
  }
  void deliver(runtime::message_ptr m) override { delivered.push_back(std::move(m)); }
  void release(const address& a) override { released.push_back(a); }

  std::vector<runtime::message_ptr> sent, delivered;
  std::vector<std::uint64_t> epochs;  // of those that were sent
  std::vector<address> released;
  std::function<void(const runtime::message&)> at_send;
};

struct fake_timers final : runtime::timers {
  void set(runtime::message_ptr m) override { recorded.push_back(std::move(m)); }
  void set_unrecorded(runtime::message_ptr m) override { unrecorded.push_back(std::move(m)); }
  void set_back_off(const std::string&, const reprise::generation&, std::uint64_t step, time_point,
                    const runtime::horizon&) override {
    backing_off.push_back(step);
  }
  void cancel(const address&, time_point due, const runtime::message_id&) override {
    cancelled.push_back(due);
  }
  void run_at(time_point due, runtime::job work) override {
    work_at.emplace_back(due, std::move(work));
  }

  std::vector<runtime::message_ptr> recorded, unrecorded;
  std::vector<std::uint64_t> backing_off;  // steps
  std::vector<time_point> cancelled;       // when they were due
  std::vector<std::pair<time_point, runtime::job>> work_at;
};

struct fake_activities final : runtime::activity_runner {
  using request = runtime::records::request;

  void start(const std::string& id, const generation&, std::uint64_t, const request&) override {
    started.push_back(id);
  }
  void start_ahead(const std::string& id, const generation&, std::uint64_t,
                   const request&) override {
    started.push_back(id);
  }
  void announce(const std::string&, const generation&, std::uint64_t, std::uint32_t) override {}
  void forget(const std::string&, const generation&, std::uint64_t, std::uint32_t) override {}
  void back_off(const std::string&, const generation&, std::uint64_t, const request&) override {}
  void cancel(const std::string&, const generation&, std::uint64_t) override {}
  std::vector<activity_status> of(const std::string&) const override { return {}; }
  std::vector<pool_status> pools() const override { return {}; }

  std::vector<std::string> started;  // whose they are
};

struct fake_crash_policy final : runtime::crash_policy {
  std::optional<failure> refusal(const address&) const override { return refused; }
  bool blames(const address&) const override { return any(); }
  bool waits_for_disk(const address&) const override { return waits; }
  void consumed(runtime::transition&, const address&, const runtime::message&) override { ++asked; }
  void closed(runtime::transition&, const std::string&, const reprise::generation&,
              const history_event&) override {
    ++asked;
  }
  void ended(runtime::transition&, const address&) override { ++asked; }

  void blame() { any_ = true; }

  std::optional<failure> refused;
  bool waits = false;
  int asked = 0;  // whether a count ends
};

struct fake_admission final : runtime::admission {
  bool may_run(runtime::host&) override {
    ++asked;
    return runs;
  }
  bool is_ready() const noexcept override { return true; }
  bool is_full() const override { return full; }
  bool admits() const noexcept override { return runs; }
  failure refusal() const override { return {cause::storage_full, "the disk is full", true}; }
  void footprint(std::ptrdiff_t change) override { bytes += change; }

  bool runs = true, full = false;
  int asked = 0;
  std::ptrdiff_t bytes = 0;
};

// Reads the store in a job of its own; with `fault` it cannot, for so many loads.
struct fake_reader final : runtime::record_reader {
  fake_reader(persistence::store& s, runtime::executor& e) : store(s), exec(e) {}

  void load(persistence::load_request what,
            runtime::callback<persistence::load_answer> done) override {
    auto told = std::make_shared<runtime::callback<persistence::load_answer>>(std::move(done));
    exec.post(runtime::upkeep_pool, [this, what = std::move(what), told] {
      persistence::load_answer a;
      if (faults > 0) {
        --faults;
        a.error = persistence::fault{persistence::errc::io, "no descriptor is left"};
        a.values.resize(what.keys.size());
      } else {
        a = store.read(what);
      }
      (*told)(std::move(a));
    });
  }

  persistence::store& store;
  runtime::executor& exec;
  int faults = 0;
};

struct fake_services {
  explicit fake_services(std::uint64_t seed = 1)
      : exec(seed, std::chrono::sys_days(std::chrono::year(2026) / 11 / 30)) {}
  fake_services(const fake_services&) = delete;
  fake_services& operator=(const fake_services&) = delete;
  ~fake_services() { exec.abandon(); }

  void run() { exec.run_until_idle(); }

  bool is_stored(const std::string& key) {
    persistence::load_request one;
    one.keys = {key};
    return store.read(one).values.front().has_value();
  }
  std::size_t stored_in(const persistence::keys::range& r) {
    persistence::load_request all;
    all.first = r.first;
    all.last = r.second;
    return store.read(all).entries.size();
  }

  // A host that is left in the log or the executor goes with it, and gives its bytes back: what it uses
  // then comes first.
  fake_router router;
  fake_timers timers;
  fake_activities activities;
  fake_crash_policy letters;
  fake_admission admission;
  runtime::lock_table locks;
  runtime::change_feed changes;
  runtime::end_listeners ends;
  runtime::outside_ids ids{7};
  application app;
  std::vector<std::string> said;
  const log_sink lines = [this](const log_line& l) { said.emplace_back(l.text); };
  std::vector<span> told_spans;
  const span_sink spans = [this](span s) { told_spans.push_back(std::move(s)); };
  const runtime::observer observer{lines, spans};
  persistence::memory_store store;
  runtime::simulated_executor exec;
  runtime::node_clock clock{exec};
  fake_reader reader{store, exec};
  runtime::commit_log log{
      store, exec, {[this] { return clock.newest(); }, [](const persistence::fault&) {}, nullptr}};
  runtime::turn_services services{.app = app,
                                  .exec = exec,
                                  .clock = clock,
                                  .log = log,
                                  .reader = reader,
                                  .router = router,
                                  .timers = timers,
                                  .activities = activities,
                                  .letters = letters,
                                  .locks = locks,
                                  .admission = admission,
                                  .observer = observer,
                                  .ids = ids,
                                  .changes = changes,
                                  .ends = ends,
                                  .slate = nullptr};
};

}  // namespace reprise::testing
