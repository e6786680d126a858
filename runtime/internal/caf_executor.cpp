// The executor on the C++ Actor Framework 0.17: the only file that includes CAF.
//
// A strand is a CAF actor with one message, `run`. CAF gives what it is good at: thousands of cheap
// actors on few threads. Blocking work runs on plain named pools, time on one timer thread.

#include <caf/all.hpp>

#include <algorithm>
#include <map>
#include <mutex>
#include <thread>

#include "runtime/internal/executor.hpp"
#include "runtime/internal/thread_pool.hpp"
#include "runtime/internal/wake_up.hpp"

CAF_BEGIN_TYPE_ID_BLOCK(reprise, caf::first_custom_type_id)
CAF_ADD_ATOM(reprise, reprise::runtime, run_atom, "run")
CAF_END_TYPE_ID_BLOCK(reprise)

namespace reprise::runtime {
namespace {

class caf_strand final : public strand {
 public:
  void own(caf::actor a) { actor_ = std::move(a); }
  void run(runnable& body) { run_now(body); }
  void retire() override { caf::anon_send_exit(actor_, caf::exit_reason::user_shutdown); }

 private:
  void enqueue() override { caf::anon_send(actor_, run_atom_v); }
  caf::actor actor_;
};

// Destroyed when the actor exits: that breaks the circle actor, strand, runnable.
struct strand_state {
  strand_state() {}  // declared: CAF 0.17 would initialise an aggregate with the actor itself
  std::shared_ptr<caf_strand> owner;
  std::shared_ptr<runnable> body;
};

caf::behavior strand_actor(caf::stateful_actor<strand_state>* self,
                           std::shared_ptr<caf_strand> owner, std::shared_ptr<runnable> body) {
  self->state.owner = std::move(owner);
  self->state.body = std::move(body);
  return {[self](run_atom) {
    const auto strand = self->state.owner;  // a run may retire its own strand
    const auto keep = self->state.body;
    strand->run(*keep);
  }};
}

class caf_executor final : public executor {
 public:
  explicit caf_executor(unsigned workers) : config_(workers), system_(config_) {
    for (auto name : {log_pool, outbox_pool, upkeep_pool}) add_pool(std::string(name), 1);
  }
  ~caf_executor() override { stop(); }

  std::shared_ptr<strand> make_strand(std::shared_ptr<runnable> body) override {
    auto made = std::make_shared<caf_strand>();
    made->own(system_.spawn(strand_actor, made, std::move(body)));
    return made;
  }

  void add_pool(std::string name, unsigned threads) override {
    std::lock_guard lock(mutex_);
    pools_.try_emplace(std::move(name), std::make_shared<thread_pool>(threads));
  }

  bool has_pool(std::string_view name) const override {
    std::lock_guard lock(mutex_);
    return pools_.find(name) != pools_.end();
  }

  void post(std::string_view pool, job j) override { find(pool)->post(std::move(j)); }

  time_point now() override {
    return std::chrono::time_point_cast<duration>(std::chrono::system_clock::now());
  }

  void arm(time_point due, job ring) override {
    wake_up_.arm(due, [this, ring = std::make_shared<job>(std::move(ring))] {
      post(upkeep_pool, [ring] { (*ring)(); });
    });
  }

  bool simulated() const noexcept override { return false; }

  // In this order: nothing new is rung or recovered, turns end, then their writes, then their
  // gates.
  void stop() override {
    wake_up_.stop();
    find(upkeep_pool)->stop(thread_pool::rest::finished);
    system_.await_all_actors_done();
    find(log_pool)->stop(thread_pool::rest::finished);
    find(outbox_pool)->stop(thread_pool::rest::finished);
    for (auto& [name, pool] : pools_) pool->stop(thread_pool::rest::abandoned);
  }

  void abandon() override { stop(); }

 private:
  struct config : caf::actor_system_config {
    explicit config(unsigned workers) {
      add_message_types<caf::id_block::reprise>();
      set("scheduler.policy", caf::atom("sharing"));
      set("scheduler.max-throughput", std::int64_t{16});
      const auto cores = std::max(2u, std::thread::hardware_concurrency());
      set("scheduler.max-threads", std::int64_t{workers == 0 ? cores : workers});
    }
  };

  std::shared_ptr<thread_pool> find(std::string_view name) const {
    std::lock_guard lock(mutex_);
    return pools_.find(name)->second;
  }

  mutable std::mutex mutex_;
  std::map<std::string, std::shared_ptr<thread_pool>, std::less<>> pools_;
  wake_up wake_up_;
  config config_;
  caf::actor_system system_;  // last: its destructor waits for the strands, which may still post
};

}  // namespace

std::unique_ptr<executor> make_caf_executor(unsigned workers) {
  return std::make_unique<caf_executor>(workers);
}

}  // namespace reprise::runtime
