#include "gateway/internal/change_hub.hpp"

#include <algorithm>
#include <random>
#include <unordered_map>
#include <utility>

#include "gateway/internal/text.hpp"
#include "runtime/node.hpp"

namespace reprise::gateway {

std::string change_hub::fresh_name() {
  std::random_device chance;
  std::string name;
  append_hex(name, std::uint64_t{chance()} << 32 | chance());
  return name;
}

change_hub::~change_hub() {
  if (stop_) stop_();
}

std::uint64_t change_hub::next() {
  {
    const std::lock_guard hold(begin_);
    if (!stop_) stop_ = node_.watch([this](const std::string& id) { changed(id); });
  }
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

void change_hub::close() {
  decltype(waiting_) dropped;
  const std::lock_guard hold(mutex_);
  closed_ = true;
  dropped.swap(waiting_);
}

void change_hub::changed(const std::string& id) {
  std::map<std::uint64_t, std::function<void()>> called;
  {
    const std::lock_guard hold(mutex_);
    recent_.push_back(id);
    if (recent_.size() > kept) {
      recent_.pop_front();
      ++first_;
    }
    called.swap(waiting_);
  }
  for (const auto& [number, call] : called) call();
}

}  // namespace reprise::gateway
