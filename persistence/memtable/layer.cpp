#include "persistence/memtable/layer.hpp"

#include <xxhash.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <optional>
#include <utility>
#include <vector>

namespace reprise::persistence::internal {

void layer::apply(std::span<const numbered> writes) {
  assert(writes.empty() || writes.front().at >= last());
  while (!writes.empty()) {
    const auto some = writes.first(std::min(writes.size(), at_once));
    apply_some(some);
    writes = writes.subspan(some.size());
  }
}

segment_work layer::load(std::span<const logged_transition> some, last_writes& order) {
  struct part {
    large_vector<const char*> writes;
    position at;
    std::optional<write> range;  // after these writes
  };
  std::vector<part> parts;
  std::size_t bytes = 0;  // an upper bound: every write has another key
  for (const auto& t : some) {
    write_reader in(t.writes);
    for (const char* at = in.at(); const auto w = in.next(); at = in.at()) {
      bytes += w->key.size() + w->stored.size() + key_bytes;
      if (w->kind != write_kind::erase_range)
        order.add(at);
      else
        parts.push_back({order.of_each_key(), t.at, w});
    }
  }
  if (!some.empty()) parts.push_back({order.of_each_key(), some.back().at, std::nullopt});
  return [this, bytes, parts = std::move(parts)] {
    memory_.expect(bytes);
    for (const auto& p : parts) {
      load(p.writes, p.at);
      if (p.range) apply(*p.range, p.at);
    }
  };
}

void layer::load(std::span<const char* const> writes, position at) {
  constexpr std::size_t ahead = 16, line = 64;
  target t;
  t.place = versions_.begin();
  for (std::size_t i = 0; i < writes.size(); ++i) {
    if (i + ahead < writes.size()) {
      __builtin_prefetch(writes[i + ahead]);
      __builtin_prefetch(writes[i + ahead] + line);  // of the value
    }
    const auto w = read_write(writes[i]);
    t.node = versions_.move_on(t.place, w.key);
    if (t.node != nullptr)
      replace(*t.node, w.stored, at);
    else
      add(memory_.copy(w.stored), at, t);
    count(at);
  }
}

void layer::apply_some(std::span<const numbered> some) {
  if (recent_.empty() && records() >= few_records) recent_.resize(recent_places);
  std::array<target, at_once> targets;
  std::array<versions::place*, at_once> sought;
  std::size_t searches = 0;
  const target* before = nullptr;
  for (std::size_t i = 0; i < some.size(); ++i) {
    const auto& w = some[i].what;
    if (w.kind == write_kind::erase_range) continue;
    auto& t = targets[i];
    t.hash = XXH3_64bits(w.key.data(), w.key.size());
    const auto* known = recently(t.hash);
    if (known != nullptr && known->hash == t.hash && known->node != nullptr &&
        known->node->key == w.key) {
      t.node = known->node;
    } else {
      t.place = versions::place(w.key);
      if (before != nullptr && t.place.follows_closely(before->place))
        t.near = before;
      else
        sought[searches++] = &t.place;
      before = &t;
    }
  }
  versions_.seek(std::span(sought).first(searches));
  for (std::size_t i = 0; i < some.size(); ++i) {
    const auto& [w, at] = some[i];
    if (targets[i].near != nullptr) versions_.find_from(targets[i].near->place, targets[i].place);
    switch (w.kind) {
      case write_kind::put:
        add(memory_.copy(w.stored), at, targets[i]);
        break;
      case write_kind::erase:
        add({}, at, targets[i]);
        break;
      case write_kind::erase_range:
        erase_range(w.key, w.last, at);
        break;
    }
    count(at);
    if (auto* place = recently(targets[i].hash)) *place = {targets[i].hash, targets[i].node};
  }
}

void layer::count(position at) noexcept {
  records_.store(records() + 1, std::memory_order_relaxed);
  if (at > last()) last_.store(at, std::memory_order_release);
}

void layer::add(std::string_view stored, position at, target& to) {
  auto* fresh = static_cast<version*>(memory_.allocate(sizeof(version), alignof(version)));
  new (fresh) version{at, nullptr, stored};
  account(stored.size());
  if (to.node == nullptr) {
    const auto [node, made] = versions_.insert(to.place, fresh);
    to.node = node;
    if (made) {
      account(key_bytes + node->key.size());
      return;
    }
  }
  fresh->older = to.node->payload.load(std::memory_order_relaxed);
  to.node->payload.store(fresh, std::memory_order_release);
  account(sizeof(version));
}

void layer::replace(versions::node& known, std::string_view stored, position at) {
  auto& newest = const_cast<version&>(*known.payload.load(std::memory_order_relaxed));
  newest.at = at;
  if (stored.size() <= newest.stored.size()) {
    auto* room = const_cast<char*>(newest.stored.data());
    stored.copy(room, stored.size());
    newest.stored = {room, stored.size()};
  } else {
    newest.stored = memory_.copy(stored);
    account(stored.size());
  }
}

void layer::erase_range(std::string_view first, std::string_view last, position at) {
  for (auto* node = versions_.at_or_after(first); node != nullptr && node->key < last;
       node = const_cast<versions::node*>(node->next())) {
    if (node->payload.load(std::memory_order_relaxed)->stored.empty()) continue;
    auto* gone = static_cast<version*>(memory_.allocate(sizeof(version), alignof(version)));
    new (gone) version{at, node->payload.load(std::memory_order_relaxed), {}};
    node->payload.store(gone, std::memory_order_release);
    account(sizeof(version));
  }
  // Covers the gaps between the intervals that are covered already.
  while (first < last) {
    const auto* before = covers_.at_or_before(first);
    if (before != nullptr && first < before->payload.last) {
      first = before->payload.last;
      continue;
    }
    const auto* after = covers_.at_or_after(first);
    const auto end = after != nullptr && after->key < last ? after->key : last;
    covers_.insert(first, {memory_.copy(end), at});
    account(sizeof(covers::node) + first.size() + end.size());
    first = end;
  }
  any_cover_.store(true, std::memory_order_release);
}

finding layer::newest(const versions::node& node, position at) noexcept {
  for (const auto* v = node.payload.load(std::memory_order_acquire); v != nullptr; v = v->older) {
    if (v->at > at) continue;
    if (v->stored.empty()) return {finding::what::erased, {}};
    return {finding::what::stored, v->stored};
  }
  return {};
}

finding layer::find(std::string_view key, position at) const noexcept {
  const auto* node = versions_.at_or_after(key);
  if (node != nullptr && node->key == key) {
    const auto found = newest(*node, at);
    if (found.is != finding::what::nothing) return found;
  }
  if (covered_until(key, at)) return {finding::what::erased, {}};
  return {};
}

std::optional<std::string_view> layer::covered_until(std::string_view key,
                                                     position at) const noexcept {
  if (!any_cover_.load(std::memory_order_acquire)) return std::nullopt;
  const auto* around = covers_.at_or_before(key);
  if (around == nullptr || !(key < around->payload.last) || around->payload.at > at)
    return std::nullopt;
  return around->payload.last;
}

}  // namespace reprise::persistence::internal
