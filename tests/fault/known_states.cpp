#include "tests/fault/known_states.hpp"

#include <xxhash.h>

#include <algorithm>

#include "persistence/batch.hpp"

namespace reprise::fault {

using persistence::write_kind;

std::uint64_t record_sum(std::string_view key, std::string_view value) {
  return XXH3_64bits_withSeed(value.data(), value.size(), XXH3_64bits(key.data(), key.size()));
}

void known_states::add(std::string_view writes) {
  auto sum = sums_.back();
  const auto drop = [&](auto at) {
    sum -= at->second;
    return records_.erase(at);
  };
  std::vector<std::string> keys;
  persistence::write_reader in(writes);
  while (const auto w = in.next()) {
    if (w->kind == write_kind::erase_range) {
      auto at = records_.lower_bound(std::string(w->key));
      while (at != records_.end() && at->first < w->last) at = drop(at);
      continue;
    }
    if (const auto at = records_.find(std::string(w->key)); at != records_.end()) drop(at);
    if (w->kind == write_kind::erase) continue;
    const auto part = record_sum(w->key, w->stored.substr(persistence::checksum_size));
    records_.emplace(w->key, part);
    sum += part;
    keys.emplace_back(w->key);
  }
  sums_.push_back(sum);
  put_keys_.push_back(std::move(keys));
}

position known_states::nth_put(std::string_view text, std::size_t n) const {
  for (std::size_t i = 0; i < put_keys_.size(); ++i) {
    const bool puts = std::any_of(put_keys_[i].begin(), put_keys_[i].end(), [&](const auto& key) {
      return key.find(text) != std::string::npos;
    });
    if (puts && --n == 0) return i + 1;
  }
  return 0;
}

}  // namespace reprise::fault
