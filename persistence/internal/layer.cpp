#include "persistence/internal/layer.hpp"

#include <xxhash.h>

#include <algorithm>
#include <array>
#include <cassert>

namespace reprise::persistence::internal {

void layer::apply(std::span<const numbered> writes) {
  assert(writes.empty() || writes.front().at >= last());
  apply_all(writes);
}

void layer::apply_all(std::span<const numbered> writes) {
  while (!writes.empty()) {
    const auto some = writes.first(std::min(writes.size(), at_once));
    apply_some(some);
    writes = writes.subspan(some.size());
  }
}

void layer::load(std::span<numbered> writes) {
  while (!writes.empty()) {
    const auto range = std::find_if(writes.begin(), writes.end(), [](const numbered& n) {
      return n.what.kind == write_kind::erase_range;
    });
    const auto size = static_cast<std::size_t>(range - writes.begin());
    apply_all(last_of_each(writes.first(size)));
    writes = writes.subspan(size);
    if (writes.empty()) return;
    apply_all(writes.first(1));
    writes = writes.subspan(1);
  }
}

std::vector<layer::numbered> layer::last_of_each(std::span<const numbered> writes) {
  struct ordered {
    key_head head;
    std::size_t index;
  };
  std::vector<ordered> order;
  order.reserve(writes.size());
  for (const auto& w : writes) order.push_back({key_head(w.what.key), order.size()});
  const auto key = [&](const ordered& o) { return writes[o.index].what.key; };
  std::sort(order.begin(), order.end(), [&](const ordered& a, const ordered& b) {
    if (a.head != b.head) return a.head < b.head;
    const auto keys = key(a).compare(key(b));
    return keys == 0 ? a.index < b.index : keys < 0;
  });
  std::vector<numbered> last;
  last.reserve(order.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    const bool again = i + 1 < order.size() && order[i + 1].head == order[i].head &&
                       key(order[i + 1]) == key(order[i]);
    if (!again) last.push_back(writes[order[i].index]);
  }
  return last;
}

void layer::apply_some(std::span<const numbered> some) {
  if (recent_.empty() && records() >= few_records) recent_.resize(recent_places);
  std::array<target, at_once> targets;
  std::array<versions::place*, at_once> sought;
  std::size_t searches = 0;
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
      sought[searches++] = &t.place;
    }
  }
  versions_.seek(std::span(sought).first(searches));
  for (std::size_t i = 0; i < some.size(); ++i) {
    const auto& [w, at] = some[i];
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
    account(w.stored.size());
    records_.store(records() + 1, std::memory_order_relaxed);
    if (at > last()) last_.store(at, std::memory_order_release);
  }
}

void layer::add(std::string_view stored, position at, target& to) {
  auto* fresh = static_cast<version*>(memory_.allocate(sizeof(version), alignof(version)));
  new (fresh) version{at, nullptr, stored};
  if (to.node == nullptr) {
    const auto [node, made] = versions_.insert(to.place, fresh);
    if (auto* place = recently(to.hash)) *place = {to.hash, node};
    if (made) {
      account(sizeof(versions::node) + sizeof(version) + node->key.size() + 2 * sizeof(void*));
      return;
    }
    to.node = node;
  }
  fresh->older = to.node->payload.load(std::memory_order_relaxed);
  to.node->payload.store(fresh, std::memory_order_release);
  account(sizeof(version));
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
  // The gaps between what is covered already.
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
