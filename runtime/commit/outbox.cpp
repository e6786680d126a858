#include "runtime/commit/outbox.hpp"

namespace reprise::runtime {

outbox::outbox(executor& e) : executor_(e) { shared_->on = &e; }

outbox::~outbox() {
  std::lock_guard lock(shared_->mutex);
  shared_->on = nullptr;
}

bool outbox::put(std::vector<gate> gates, commit_outcome outcome) {
  if (gates.empty()) return false;
  std::lock_guard lock(shared_->mutex);
  shared_->groups.push_back({std::move(gates), outcome});
  return !std::exchange(shared_->opened, true);
}

void outbox::open_on_pool() {
  executor_.post(outbox_pool, [kept = shared_] { open_all(*kept); });
}

void outbox::open_here() {
  const auto kept = shared_;
  open_all(*kept);
}

void outbox::open_all(shared& s) {
  for (bool first = true;; first = false) {
    group next;
    {
      std::lock_guard lock(s.mutex);
      if (s.groups.empty()) {
        s.opened = false;
        return;
      }
      if (!first && s.on) s.on->share();
      next = std::move(s.groups.front());
      s.groups.pop_front();
    }
    for (auto& g : next.gates) g(next.outcome);
  }
}

}  // namespace reprise::runtime
