#include "runtime/message/mailbox.hpp"

#include <algorithm>
#include <utility>

namespace reprise::runtime {

mailbox::seldom_used& mailbox::seldom() {
  if (!seldom_) seldom_ = std::make_unique<seldom_used>();
  return *seldom_;
}

void mailbox::spill_to(std::size_t l, position up_to) {
  auto& marks = seldom().marks;
  marks[l] = std::max(marks[l], up_to);
  seldom_->spilled[l] = true;
  hurry_ = true;
}

message_ptr mailbox::take_near() {
  near_taken_.store(near_taken_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  return near_.pop();
}

bool mailbox::push(message_ptr& m) {
  std::lock_guard lock(mutex_);
  const auto to = static_cast<std::size_t>(m->lane);
  const bool stored = m->durable;
  const bool full =
      bodies_ >= bound_ && bodies_ - near_taken_.load(std::memory_order_relaxed) >= bound_;
  if (stored && (full || spilled(to))) {
    spill_to(to, m->id.at);
    m.reset();
    return true;
  }
  if (m->done && m->lane != lane::control && (full || spilled(to))) return false;
  ++bodies_;
  if (m->lane != lane::ordinary) hurry_.store(true, std::memory_order_release);
  lanes_[to].push(std::move(m));
  return true;
}

mailbox::taken mailbox::take() {
  if (!near_.empty() && !hurry_.load(std::memory_order_acquire)) return {take_near(), std::nullopt};
  std::lock_guard lock(mutex_);
  bodies_ -= near_taken_.exchange(0, std::memory_order_relaxed);
  for (std::size_t i = 0; i < lane_count; ++i) {
    const auto l = static_cast<lane>(i);
    if (l == lane::ordinary) {
      if (shut_) break;
      hurry_ = false;
      if (near_.empty()) near_.prepend(lanes_[i]);
      if (!near_.empty()) return {take_near(), std::nullopt};
    }
    if (seldom_ && !shut_ && l == lane::answers && !seldom_->aside.empty()) {
      --bodies_;
      return {seldom_->aside.pop(), std::nullopt};
    }
    auto& from = lanes_[i];
    while (!from.empty()) {
      auto next = from.pop();
      if (shut_ && next->from_timer && l != lane::control) {
        seldom().aside.push(std::move(next));
        continue;
      }
      --bodies_;
      return {std::move(next), std::nullopt};
    }
    if (spilled(i)) return {nullptr, l};
  }
  return {};
}

message_ptr mailbox::take_upkeep() {
  std::lock_guard lock(mutex_);
  auto& control = lanes_[static_cast<std::size_t>(lane::control)];
  if (control.empty() || !std::holds_alternative<expire_body>(control.front()->body))
    return nullptr;
  --bodies_;
  return control.pop();
}

void mailbox::give_back() {
  if (near_.empty()) return;
  std::lock_guard lock(mutex_);
  put_back();
}

void mailbox::shut() {
  std::lock_guard lock(mutex_);
  shut_ = true;
  put_back();
}

void mailbox::open() {
  std::lock_guard lock(mutex_);
  shut_ = false;
}

bool mailbox::may_hold(lane l, const std::function<bool(const message&)>& wanted) {
  std::lock_guard lock(mutex_);
  put_back();
  const auto in = static_cast<std::size_t>(l);
  if (spilled(in)) return true;
  for (const auto* m = lanes_[in].front(); m; m = m->next.get())
    if (wanted(*m)) return true;
  return false;
}

void mailbox::spill(lane l, position up_to) {
  std::lock_guard lock(mutex_);
  spill_to(static_cast<std::size_t>(l), up_to);
}

void mailbox::loaded(lane l, position at, bool more, std::vector<message_ptr> messages) {
  std::lock_guard lock(mutex_);
  const auto to = static_cast<std::size_t>(l);
  bodies_ += static_cast<std::uint32_t>(messages.size());
  for (auto& m : messages) lanes_[to].push(std::move(m));
  if (!more && at >= seldom().marks[to]) seldom_->spilled[to] = false;
  if (!spilled(0) && !spilled(1) && !spilled(2) && seldom_->aside.empty()) seldom_.reset();
}

position mailbox::mark(lane l) const {
  std::lock_guard lock(mutex_);
  return seldom_ ? seldom_->marks[static_cast<std::size_t>(l)] : 0;
}

bool mailbox::empty() const {
  std::lock_guard lock(mutex_);
  if (seldom_ && (!seldom_->aside.empty() || spilled(0) || spilled(1) || spilled(2))) return false;
  return std::all_of(lanes_.begin(), lanes_.end(), [](const auto& l) { return l.empty(); });
}

std::vector<message_ptr> mailbox::drain() {
  std::lock_guard lock(mutex_);
  std::vector<message_ptr> all;
  if (seldom_)
    while (!seldom_->aside.empty()) all.push_back(seldom_->aside.pop());
  for (auto& l : lanes_)
    while (!l.empty()) all.push_back(l.pop());
  if (seldom_) seldom_->spilled = {};
  bodies_ = 0;
  return all;
}

bool mailbox::holds_outside() {
  std::lock_guard lock(mutex_);
  put_back();
  return std::any_of(lanes_.begin(), lanes_.end(), [](const fifo<message>& l) {
    for (const auto* m = l.front(); m; m = m->next.get())
      if (m->done) return true;
    return false;
  });
}

std::vector<message_ptr> mailbox::take_outside() {
  std::lock_guard lock(mutex_);
  put_back();
  std::vector<message_ptr> from_outside;
  for (auto& l : lanes_) {
    fifo<message> all;
    while (!l.empty()) all.push(l.pop());
    while (!all.empty()) {
      auto next = all.pop();
      if (next->done)
        from_outside.push_back(std::move(next));
      else
        l.push(std::move(next));
    }
  }
  bodies_ -= static_cast<std::uint32_t>(from_outside.size());
  return from_outside;
}

}  // namespace reprise::runtime
