#include "runtime/commit/commit_log.hpp"

#include <algorithm>
#include <cassert>
#include <chrono>
#include <thread>
#include <utility>

#include "persistence/keys.hpp"
#include "persistence/kill_point.hpp"
#include "persistence/limits.hpp"
#include "runtime/commit/clock_record.hpp"
#include "runtime/commit/group_writers.hpp"

namespace reprise::runtime {
namespace {

// Waking the outbox's thread takes longer than opening this many.
constexpr std::size_t few_gates = 16;
constexpr duration a_moment = std::chrono::microseconds(50);

}  // namespace

commit_log::commit_log(persistence::store& store, executor& e, hooks h)
    : store_(store), executor_(e), hooks_(std::move(h)), outbox_(e) {
  begin(store.term(), store.durable());
}

bool commit_log::take(std::uint64_t epoch, ticket& t) {
  std::lock_guard lock(mutex_);
  if (epoch != epoch_ || stopped_) return false;
  t = {first_ + slots_.size(), term_, epoch};
  ++unpublished_;
  slots_.emplace_back();
  return true;
}

void commit_log::publish(const ticket& t, persistence::batch writes, std::vector<gate> gates,
                         followed f) {
  std::unique_lock lock(mutex_);
  --unpublished_;
  if (t.epoch != epoch_) {
    if (unpublished_ == 0) published_.notify_all();
    lock.unlock();
    for (auto& g : gates) g(commit_outcome::not_applied);
    return;
  }
  auto& s = slots_[t.at - first_];
  s.writes = std::move(writes);
  if (s.gates.empty()) s.gates.swap(gates);
  // After those already waiting for this position.
  for (auto& g : gates) s.gates.push_back(std::move(g));
  s.ready = true;
  s.followed = f == followed::at_once;
  if (scheduled_ || !slots_.front().ready) return;
  scheduled_ = true;
  lock.unlock();
  executor_.post(log_pool, [this] { commit_some(); });
}

// Reads the position before the epoch: if the position is of a later epoch, that epoch is seen too.
bool commit_log::is_durable(const horizon& h) const noexcept {
  return h.at == 0 || (h.at <= durable() && h.epoch == epoch());
}

void commit_log::when_durable(const horizon& h, gate g) {
#ifdef REPRISE_MUTATION_no_horizon
  return g(commit_outcome::durable);
#endif
  if (is_durable(h)) return g(commit_outcome::durable);
  std::unique_lock lock(mutex_);
  const bool now = h.epoch == epoch_;
  if (now && h.at >= first_) {
    assert(h.at - first_ < slots_.size());
    slots_[h.at - first_].gates.push_back(std::move(g));
    return;
  }
  const bool kept = now || (h.epoch + 1 == epoch_ && h.at <= kept_);
  const auto outcome = kept ? commit_outcome::durable : rest_;
  lock.unlock();
  g(outcome);
}

position commit_log::newest() const {
  std::lock_guard lock(mutex_);
  return first_ + slots_.size() - 1;
}

horizon commit_log::taken() const {
  std::lock_guard lock(mutex_);
  return {epoch_, first_ + slots_.size() - 1};
}

// Waits briefly for transitions that follow at once: an instance's first steps come microseconds after
// its start, the steps of a speculative activity one after another. In a flush of their own they would
// be durable twice as late. Waits at most a_moment for each, and in all no longer than the flush that
// is saved.
void commit_log::await_follower(std::unique_lock<std::mutex>& lock) {
  const auto comes = [this] {
    const auto n = slots_.size();
    return n > 0 &&
           (slots_[n - 1].followed || (n > 1 && slots_[n - 2].followed && !slots_[n - 1].ready));
  };
  if (!comes() || executor_.simulated()) return;
  const auto look = [&] {
    lock.unlock();
    std::this_thread::yield();
    const auto now = executor_.boot_time();
    lock.lock();
    return now;
  };
  auto now = look();
  const auto latest = now + std::max(a_moment, last_took_);
  auto end = now + a_moment;
  for (auto there = slots_.size(); comes() && now < end;) {
    now = look();
    if (slots_.size() == there) continue;
    there = slots_.size();
    end = std::min(now + a_moment, latest);
  }
}

bool commit_log::collect(std::vector<persistence::batch>& group) {
  std::size_t bytes = 0;
  for (auto& s : slots_) {
    if (!s.ready) break;
    bytes += s.writes.bytes().size();
    if (!group.empty() && bytes > limits::max_group_bytes - limits::group_overhead) break;
    group.push_back(std::move(s.writes));
  }
  return !group.empty();
}

void commit_log::commit_some() {
  std::vector<persistence::batch> group;
  std::unique_lock lock(mutex_);
  for (await_follower(lock); !stopped_ && collect(group); await_follower(lock)) {
    const auto first = first_;
    const auto epoch = this->epoch();
    lock.unlock();
    const auto now = hooks_.now();
    group.back().put(persistence::keys::meta(clock_record::name), clock_record::encode(now));
    const auto began = executor_.boot_time();
    const auto done = commit(first, group, now);
    if (!done) {
      group.clear();
      hooks_.failed(done.error());
      lock.lock();
      continue;  // work of the next epoch may be ready, and no other job will commit it
    }
    ++groups_;
    note(group, executor_.boot_time() - began);
    pass(persistence::kill_point::before_gate);
    const auto gates = settle(group.size(), epoch);
    group.clear();
    lock.lock();
    if (gates == 0) continue;
    if (gates > few_gates || more_is_ready() || executor_.simulated()) {
      outbox_.open_on_pool();
      continue;
    }
    scheduled_ = false;
    lock.unlock();
    return outbox_.open_here();
  }
  scheduled_ = false;
}

// If this thread dies here, one of the group's writers is to blame: they are named in the slate.
persistence::result<void> commit_log::commit(position first,
                                             std::span<const persistence::batch> group,
                                             time_point now) {
  crash_slate::writing here(hooks_.slate.get());
  if (hooks_.slate)
    for (const auto& each : group)
      if (const auto who = writer_of(each); who && !here.name(who->who, who->what, now)) break;
  return store_.commit(first, group);
}

void commit_log::note(std::span<const persistence::batch> group, duration took) {
  std::uint64_t bytes = 0;
  for (const auto& each : group) bytes += each.bytes().size();
  transitions_.fetch_add(group.size(), std::memory_order_relaxed);
  bytes_.fetch_add(bytes, std::memory_order_relaxed);
  took_.fetch_add(took.count(), std::memory_order_relaxed);
  last_took_ = took;
}

commit_log::totals commit_log::written() const noexcept {
  return {transitions_.load(std::memory_order_relaxed), bytes_.load(std::memory_order_relaxed),
          duration(took_.load(std::memory_order_relaxed))};
}

std::size_t commit_log::settle(std::size_t count, std::uint64_t epoch) {
  std::vector<gate> gates;
  std::lock_guard lock(mutex_);
  if (epoch != epoch_) return 0;  // everything was dropped meanwhile, and the gates were called
  for (std::size_t i = 0; i < count; ++i) {
    for (auto& g : slots_.front().gates) gates.push_back(std::move(g));
    slots_.pop_front();
    ++first_;
  }
  durable_.store(first_ - 1, std::memory_order_release);
  const auto put = gates.size();
  return outbox_.put(std::move(gates), commit_outcome::durable) ? put : 0;
}

void commit_log::drop_all(commit_outcome outcome) {
  std::vector<gate> gates;
  std::unique_lock lock(mutex_);
  stopped_ = true;
  ++epoch_;
  kept_ = durable_;
  rest_ = outcome;
  for (auto& s : slots_)
    for (auto& g : s.gates) gates.push_back(std::move(g));
  slots_.clear();
  first_ = kept_ + 1;
  const bool to_open = outbox_.put(std::move(gates), outcome);
  lock.unlock();
  if (to_open) outbox_.open_on_pool();
}

void commit_log::begin(persistence::term t, position durable) {
  std::unique_lock lock(mutex_);
  published_.wait(lock, [this] { return unpublished_ == 0; });
  term_ = t;
  durable_ = durable;
  first_ = durable + 1;
  stopped_ = false;
}

}  // namespace reprise::runtime
