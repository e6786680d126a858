#include "runtime/internal/mailbox.hpp"

#include <algorithm>
#include <utility>

namespace reprise::runtime {

bool mailbox::push(message_ptr& m) {
  std::lock_guard lock(mutex_);
  auto& to = lanes_[static_cast<std::size_t>(m->lane)];
  const bool stored = m->durable;
  const bool full = bodies_ >= bound_;
  if (stored && (to.spilled || full)) {
    to.spilled = true;
    to.mark = std::max(to.mark, m->id.at);
    m.reset();
    return true;
  }
  if (m->done && m->lane != lane::control && (full || to.spilled)) return false;
  ++bodies_;
  to.memory.push(std::move(m));
  return true;
}

mailbox::taken mailbox::take() {
  std::lock_guard lock(mutex_);
  for (std::size_t i = 0; i < lane_count; ++i) {
    const auto l = static_cast<lane>(i);
    if (shut_ && l == lane::ordinary) break;
    if (!shut_ && l == lane::answers && !aside_.empty()) {
      --bodies_;
      return {aside_.pop(), std::nullopt};
    }
    auto& from = lanes_[i];
    while (!from.memory.empty()) {
      auto next = from.memory.pop();
      if (shut_ && next->from_timer && l != lane::control) {
        aside_.push(std::move(next));
        continue;
      }
      --bodies_;
      return {std::move(next), std::nullopt};
    }
    if (from.spilled) return {nullptr, l};
  }
  return {};
}

message_ptr mailbox::take_upkeep() {
  std::lock_guard lock(mutex_);
  auto& control = lanes_[static_cast<std::size_t>(lane::control)].memory;
  if (control.empty() || !std::holds_alternative<expire_body>(control.front()->body))
    return nullptr;
  --bodies_;
  return control.pop();
}

void mailbox::shut() {
  std::lock_guard lock(mutex_);
  shut_ = true;
}

void mailbox::open() {
  std::lock_guard lock(mutex_);
  shut_ = false;
}

bool mailbox::may_hold(lane l, const std::function<bool(const message&)>& wanted) const {
  std::lock_guard lock(mutex_);
  const auto& in = lanes_[static_cast<std::size_t>(l)];
  if (in.spilled) return true;
  for (const auto* m = in.memory.front(); m; m = m->next.get())
    if (wanted(*m)) return true;
  return false;
}

void mailbox::spill(lane l, position up_to) {
  std::lock_guard lock(mutex_);
  auto& to = lanes_[static_cast<std::size_t>(l)];
  to.spilled = true;
  to.mark = std::max(to.mark, up_to);
}

void mailbox::loaded(lane l, position at, bool more, std::vector<message_ptr> messages) {
  std::lock_guard lock(mutex_);
  auto& to = lanes_[static_cast<std::size_t>(l)];
  bodies_ += messages.size();
  for (auto& m : messages) to.memory.push(std::move(m));
  if (!more && at >= to.mark) to.spilled = false;
}

position mailbox::mark(lane l) const {
  std::lock_guard lock(mutex_);
  return lanes_[static_cast<std::size_t>(l)].mark;
}

bool mailbox::empty() const {
  std::lock_guard lock(mutex_);
  if (!aside_.empty()) return false;
  return std::all_of(lanes_.begin(), lanes_.end(),
                     [](const one_lane& l) { return l.memory.empty() && !l.spilled; });
}

std::vector<message_ptr> mailbox::drain() {
  std::lock_guard lock(mutex_);
  std::vector<message_ptr> all;
  while (!aside_.empty()) all.push_back(aside_.pop());
  for (auto& l : lanes_) {
    while (!l.memory.empty()) all.push_back(l.memory.pop());
    l.spilled = false;
  }
  bodies_ = 0;
  return all;
}

bool mailbox::holds_outside() const {
  std::lock_guard lock(mutex_);
  return std::any_of(lanes_.begin(), lanes_.end(), [](const one_lane& l) {
    for (const auto* m = l.memory.front(); m; m = m->next.get())
      if (m->done) return true;
    return false;
  });
}

std::vector<message_ptr> mailbox::take_outside() {
  std::lock_guard lock(mutex_);
  std::vector<message_ptr> from_outside;
  for (auto& l : lanes_) {
    fifo<message> all;
    while (!l.memory.empty()) all.push(l.memory.pop());
    while (!all.empty()) {
      auto next = all.pop();
      if (next->done)
        from_outside.push_back(std::move(next));
      else
        l.memory.push(std::move(next));
    }
  }
  bodies_ -= from_outside.size();
  return from_outside;
}

}  // namespace reprise::runtime
