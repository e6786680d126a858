#include "gateway/api/change_hub.hpp"

#include <algorithm>
#include <random>
#include <unordered_map>
#include <utility>

#include "gateway/json/text.hpp"
#include "runtime/node.hpp"

namespace reprise::gateway {

std::string change_hub::fresh_name() {
  std::random_device chance;
  std::string name;
  append_hex(name, std::uint64_t{chance()} << 32 | chance());
  return name;
}

void change_hub::listen() {
  const std::lock_guard hold(begin_);
  if (!listening_)
    listening_ = node_.instances().watch([this](const std::string& id) { changed(id); });
}

std::uint64_t change_hub::next() {
  listen();
  const std::lock_guard hold(mutex_);
  return first_ + recent_.size();
}

change_hub::look change_hub::since(std::uint64_t from, std::string_view prefix,
                                   std::size_t most) const {
  look found;
  std::unordered_map<std::string_view, std::size_t> at;
  const std::lock_guard hold(mutex_);
  found.missed = from < first_;
  auto number = std::max(from, first_);
  const auto end = first_ + recent_.size();
  for (; number < end; ++number) {
    const std::string_view id = recent_[number - first_];
    if (!id.starts_with(prefix)) continue;
    const auto [known, is_new] = at.emplace(id, at.size());
    if (is_new && at.size() > most) break;
    if (is_new)
      found.changes.push_back({std::string(id), number});
    else
      found.changes[known->second].number = number;
  }
  found.next = number;
  std::sort(found.changes.begin(), found.changes.end(),
            [](const change& a, const change& b) { return a.number < b.number; });
  return found;
}

std::uint64_t change_hub::when_more(std::uint64_t from, std::function<void()> call) {
  {
    const std::lock_guard hold(mutex_);
    if (closed_) return 0;
    if (from >= first_ + recent_.size()) {
      waiting_.emplace(++last_waiting_, std::move(call));
      return last_waiting_;
    }
  }
  call();
  return 0;
}

void change_hub::forget(std::uint64_t waiting) {
  const std::lock_guard hold(mutex_);
  waiting_.erase(waiting);
}

std::uint64_t change_hub::when_changed(const std::string& id, std::function<void()> tell) {
  listen();
  const std::lock_guard hold(mutex_);
  if (closed_) return 0;
  waiting_for_[id].emplace(++last_waiting_, std::move(tell));
  return last_waiting_;
}

void change_hub::forget_change(const std::string& id, std::uint64_t waiting) {
  // Destroyed after the lock is released: it may own the last reference to a stream.
  wake_up dropped;
  const std::lock_guard hold(mutex_);
  const auto found = waiting_for_.find(id);
  if (found == waiting_for_.end()) return;
  if (const auto one = found->second.find(waiting); one != found->second.end()) {
    dropped.swap(one->second);
    found->second.erase(one);
  }
  if (found->second.empty()) waiting_for_.erase(found);
}

void change_hub::close() {
  decltype(waiting_) dropped;
  decltype(waiting_for_) also_dropped;
  const std::lock_guard hold(mutex_);
  closed_ = true;
  dropped.swap(waiting_);
  also_dropped.swap(waiting_for_);
}

void change_hub::changed(const std::string& id) {
  std::map<std::uint64_t, wake_up> called, of_this_one;
  {
    const std::lock_guard hold(mutex_);
    recent_.push_back(id);
    if (recent_.size() > kept) {
      recent_.pop_front();
      ++first_;
    }
    called.swap(waiting_);
    if (auto own = waiting_for_.extract(id)) of_this_one = std::move(own.mapped());
  }
  for (const auto* all : {&called, &of_this_one})
    for (const auto& [number, tell] : *all) tell();
}

}  // namespace reprise::gateway
