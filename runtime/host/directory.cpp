#include "runtime/host/directory.hpp"

#include <algorithm>

#include "runtime/commit/turn_services.hpp"
#include "runtime/host/host.hpp"

namespace reprise::runtime {

std::size_t host_hash::operator()(const std::shared_ptr<host>& h) const {
  return address_hash()(h->self());
}
bool same_host::operator()(const std::shared_ptr<host>& a,
                           const std::shared_ptr<host>& b) const noexcept {
  return a->self() == b->self();
}
bool same_host::operator()(const sought& a, const std::shared_ptr<host>& b) const noexcept {
  return a.at == b->self();
}

const std::shared_ptr<host>& directory::find_or_make(shard& s, const sought& a) {
  if (const auto found = s.hosts.find(a); found != s.hosts.end()) return *found;
  const auto& made = *s.hosts.insert(make_(services_, a.at, s.epoch)).first;
  if (s.expected.erase(a.at) != 0)
    for (std::size_t i = 0; i < lane_count; ++i)
      made->box().spill(static_cast<lane>(i), recovered_);
  return made;
}

bool directory::deliver(message_ptr& m, std::uint64_t epoch) {
  // Null for most, which are awake: then no shared count is touched.
  std::shared_ptr<strand> roused;
  // Destroyed without the lock, as it notifies a caller, who may ask again at once.
  message_ptr stale;
  bool taken;
  const sought wanted(m->to);
  auto& s = of(wanted);
  {
    std::lock_guard lock(s.mutex);
    if (epoch != s.epoch) {
      stale = std::move(m);
      return true;
    }
    auto& to = *find_or_make(s, wanted);
    taken = to.box().push(m);
    roused = to.rouse();  // even if refused: only a run of a new host loads its recovered messages
  }
  if (roused) services_.exec.enqueue(std::move(roused));
  return taken;
}

void directory::activate(const address& a) {
  std::shared_ptr<host> to;
  const sought wanted(a);
  auto& s = of(wanted);
  {
    std::lock_guard lock(s.mutex);
    to = find_or_make(s, wanted);
  }
  to->want();
}

void directory::expect(std::vector<address> pending, position recovered) {
  recovered_ = recovered;
  next_to_activate_ = 0;
  for (auto& a : pending) {
    auto& s = of(sought(a));
    std::lock_guard lock(s.mutex);
    s.expected.insert(std::move(a));
  }
}

bool directory::activate_expected(std::size_t count) {
  while (next_to_activate_ < shard_count) {
    auto& s = shards_[next_to_activate_];
    for (; count > 0; --count) {
      std::shared_ptr<host> to;
      {
        std::lock_guard lock(s.mutex);
        if (s.expected.empty()) break;
        const auto next = *s.expected.begin();
        to = find_or_make(s, sought(next));
        s.expected.erase(next);  // in case the host already existed
      }
      to->wake();
    }
    if (count == 0) return true;
    ++next_to_activate_;
  }
  return false;
}

void directory::wake_waiting() {
  for (auto& s : shards_) {
    std::vector<std::shared_ptr<host>> waiting;  // woken without the lock
    {
      std::lock_guard lock(s.mutex);
      for (const auto& each : s.hosts)
        if (!each->box().empty()) waiting.push_back(each);
    }
    for (const auto& each : waiting) each->wake();
  }
}

std::size_t directory::passivate_slice(place& at, who which) {
  constexpr std::size_t buckets_at_once = 256;
  std::vector<std::shared_ptr<host>> left;  // destroyed without the lock
  auto& s = shards_[at.shard];
  std::lock_guard lock(s.mutex);
  auto bucket = at.bucket;
  const auto end = std::min(bucket + buckets_at_once, s.hosts.bucket_count());
  for (; bucket < end; ++bucket)
    for (auto it = s.hosts.begin(bucket); it != s.hosts.end(bucket); ++it)
      if (((*it)->is_spent() || (which == who::rested && (*it)->rested())) &&
          (*it)->retire_if_quiet())
        left.push_back(*it);
  for (const auto& each : left) s.hosts.erase(each);
  at = bucket < s.hosts.bucket_count() ? place{at.shard, bucket}
                                       : place{(at.shard + 1) % shard_count, 0};
  passivated_.fetch_add(left.size(), std::memory_order_relaxed);
  return left.size();
}

std::size_t directory::passivate(std::size_t at_most) {
  std::size_t dropped = 0;
  for (std::size_t shards = 0; shards < shard_count && dropped < at_most;) {
    dropped += passivate_slice(pressed_, who::rested);
    shards += pressed_.bucket == 0;
  }
  return dropped;
}

bool directory::passivate_some(who which) {
  constexpr int slices_at_once = 256;
  for (int slices = 0; slices < slices_at_once; ++slices) {
    passivate_slice(swept_, which);
    if (swept_.shard == 0 && swept_.bucket == 0) return false;
  }
  return true;
}

void directory::release(const address& a) {
  std::shared_ptr<host> left;  // destroyed without the lock
  const sought wanted(a);
  auto& s = of(wanted);
  std::lock_guard lock(s.mutex);
  const auto found = s.hosts.find(wanted);
  if (found == s.hosts.end() || !(*found)->is_spent() || !(*found)->retire_if_quiet()) return;
  left = *found;
  s.hosts.erase(found);
  passivated_.fetch_add(1, std::memory_order_relaxed);
}

void directory::drop_all(std::uint64_t new_epoch, const failure& why) {
  for (auto& s : shards_) {
    host_set dropped;
    {
      std::lock_guard lock(s.mutex);
      s.epoch = new_epoch;
      s.expected.clear();
      dropped.swap(s.hosts);
    }
    for (const auto& each : dropped) each->drop(why);
  }
}

std::size_t directory::size() const {
  std::size_t n = 0;
  for (const auto& s : shards_) {
    std::lock_guard lock(s.mutex);
    n += s.hosts.size();
  }
  return n;
}

}  // namespace reprise::runtime
