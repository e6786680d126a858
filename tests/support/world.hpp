// One machine in one thread: a disk that survives, a process that may crash at any point, a clock
// that moves only when told. All runs with the same seed are the same.
//
//   world w(seed, disk::memory, examples::application);
//   auto id = w.start(shop::checkout.as("order-1", order));
//   w.crash();                       // the process is gone; the disk is not
//   w.open();
//   w.run();

#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "persistence/keys.hpp"
#include "persistence/limits.hpp"
#include "persistence/lmdb_store.hpp"
#include "persistence/memory_store.hpp"
#include "runtime/crash/crash_slate.hpp"
#include "runtime/node.hpp"
#include "runtime/testing/simulated_machine.hpp"

namespace reprise::testing {
// Distinguishes it from the public `world` (runtime/world.hpp), which shares the machine.
inline namespace support {

enum class disk : std::uint8_t { memory, lmdb };

// Thrown by a store to simulate that the process dies at this point.
struct process_died {};

class world {
 public:
  using make_application = std::function<application()>;
  using wrap_store =
      std::function<std::unique_ptr<persistence::store>(std::unique_ptr<persistence::store>)>;

  enum class begins : std::uint8_t { up, down };
  world(std::uint64_t seed, disk, make_application, begins = begins::up);
  ~world();

  // These settings apply from the next open on.
  void bind(make_application a) { application_ = std::move(a); }
  void wrap(wrap_store w) { wrap_ = std::move(w); }
  void memory(std::size_t bytes) { memory_ = bytes; }
  void hosts(std::size_t most) { hosts_ = most; }  // beyond it, idle ones are passivated
  void tell_spans(span_sink s) { spans_ = std::move(s); }
  void keep(retention r) { retention_ = r; }
  void segment(std::size_t bytes) { segment_ = bytes; }  // of the log on disk; a group must fit
  // Called at every checkpoint of the store on disk; it may throw process_died.
  void at_checkpoint(std::function<void(persistence::checkpoint)> at) { at_ = std::move(at); }
  // From now on, passivates every host that allows it after every step, so that all state comes
  // from the store.
  void forget_always(bool on = true);

  // Called by user code: the process crashes, with a crash mark, at the end of this step (process_died).
  void die_here();

  void open();
  void crash() { machine_.crash(); }  // nothing is flushed, no callback runs
  void close() { machine_.close(); }  // orderly
  bool up() const noexcept { return machine_.up(); }
  node& at() { return machine_.at(); }  // of the running process
  runtime::engine& engine() { return internal::node_access::engine(at()); }
  runtime::simulated_executor& executor() { return machine_.executor(); }

  // Runs what is ready. Throws process_died if a store does; then only crash is allowed.
  void run() { machine_.run(); }
  bool step() { return machine_.step(); }
  void forget();  // passivates every host that allows it
  time_point now() const { return machine_.now(); }
  void clock(time_point t) { machine_.clock(t); }  // sets it, forward or back
  void advance(duration d) { executor().advance(d); }
  // Runs and moves the clock from alarm to alarm until `until` holds or `limit` has passed.
  bool run_until(const std::function<bool()>& until, duration limit = std::chrono::hours(48)) {
    return machine_.run_until(until, limit);
  }

  // Performs a call and runs until it is answered. Nothing: all is idle without an answer.
  std::optional<result<payload>> perform(const request&, ask_options = {});
  std::optional<result<std::string>> start(const request&, ask_options = {});
  std::optional<result<>> raise(const request& event, ask_options = {});
  std::optional<result<>> terminate(const std::string& id, const std::string& reason,
                                    ask_options = {});
  std::optional<result<instance_status>> status(const std::string& id,
                                                with_history = with_history::no);
  bool ended(const std::string& id);

  template <class Call>
  value<typename Call::answer> get(const Call& c) {
    auto answer = perform(c.what());
    if (!answer || !*answer)
      throw failed(answer ? answer->error() : failure{cause::failed, "no answer", false});
    return *codec<typename Call::answer>::decode(**answer);
  }

  // Performs without running: the slot is filled when the answer comes, at the latest by a crash.
  using answer_slot = std::shared_ptr<std::optional<result<payload>>>;
  answer_slot ask(const request&, ask_options = {});

  // How many records of messages, timers, requests, resends and locks are in the store.
  std::size_t waiting_records();
  std::size_t count(persistence::table);  // all records of one table

  const std::filesystem::path& folder() const noexcept { return folder_; }
  std::vector<std::string> said;     // log lines of the node, of all processes
  std::vector<std::string> said_of;  // the instance that each line is about; empty: none

 private:
  std::unique_ptr<persistence::store> make_store();

  runtime::simulated_machine machine_;
  const disk disk_;
  make_application application_;
  wrap_store wrap_;
  std::function<void(persistence::checkpoint)> at_;
  std::size_t memory_ = 512u << 20;
  std::size_t hosts_ = limits::resident_hosts;
  std::size_t segment_ = 1u << 20;
  retention retention_{};
  span_sink spans_;
  std::shared_ptr<persistence::memory_disk> memory_disk_;
  std::shared_ptr<runtime::crash_slate> slate_ = runtime::crash_slate::in_memory();
  bool dying_ = false;
  bool forget_always_ = false;
  std::filesystem::path folder_;
};

}  // namespace support
}  // namespace reprise::testing
