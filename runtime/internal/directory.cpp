#include "runtime/internal/directory.hpp"

#include "runtime/internal/engine.hpp"
#include "runtime/internal/host.hpp"

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
  const auto& made = *s.hosts.insert(make_host(engine_, a.at, s.epoch)).first;
  if (s.expected.erase(a.at) != 0)
    for (std::size_t i = 0; i < lane_count; ++i)
      made->box().spill(static_cast<lane>(i), recovered_);
  return made;
}

bool directory::deliver(message_ptr& m, std::uint64_t epoch) {
  std::shared_ptr<host> to;
  message_ptr stale;  // destroyed without the lock: whoever waits for it is told, and may ask again
  bool taken;
  const sought wanted(m->to);
  auto& s = of(wanted);
  {
    std::lock_guard lock(s.mutex);
    if (epoch != s.epoch) {
      stale = std::move(m);
      return true;
    }
    to = find_or_make(s, wanted);
    taken = to->box().push(m);
  }
  to->wake();  // refused too: a host made just now has recovered messages that nobody else loads
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
  to->wake();
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
        s.expected.erase(next);  // it was there before it was expected
      }
      to->wake();
    }
    if (count == 0) return true;
    ++next_to_activate_;
  }
  return false;
}

std::size_t directory::passivate(std::size_t at_most) {
  std::size_t dropped = 0;
  for (std::size_t i = 0; i < shard_count && dropped < at_most; ++i) {
    auto& s = shards_[next_to_sweep_++ % shard_count];
    std::lock_guard lock(s.mutex);
    for (auto it = s.hosts.begin(); it != s.hosts.end() && dropped < at_most;) {
      if ((*it)->rested() && (*it)->retire_if_quiet()) {
        it = s.hosts.erase(it);
        ++dropped;
      } else {
        ++it;
      }
    }
  }
  passivated_.fetch_add(dropped, std::memory_order_relaxed);
  return dropped;
}

bool directory::if_absent(const address& a, const std::function<void()>& what) {
  const sought wanted(a);
  auto& s = of(wanted);
  std::lock_guard lock(s.mutex);
  if (s.hosts.contains(wanted)) return false;
  what();
  return true;
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
