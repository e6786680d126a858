#include "persistence/lmdb/key_count.hpp"

#include <xxhash.h>

#include <utility>

namespace reprise::persistence::internal {

std::uint64_t key_hash(std::string_view key) noexcept {
  return XXH3_64bits(key.data(), key.size());
}

void table_sums::count(std::string_view key, direction d) noexcept {
  const auto number = key.empty() ? 0 : static_cast<unsigned char>(key.front());
  auto& sum = sums_[number < table_count ? number : 0];
  sum.keys += d;
  sum.hashes += d * key_hash(key);
}

std::uint64_t table_sums::keys() const noexcept {
  std::uint64_t all = 0;
  for (const auto& each : sums_) all += each.keys;
  return all;
}

std::vector<std::string> differences(const table_sums& found, const table_sums& left) {
  std::vector<std::string> all;
  for (std::uint8_t i = 0; i < table_count; ++i) {
    const auto &is = found[i], &was = left[i];
    if (is == was) continue;
    auto text = "table " + std::string(table_name(i)) + " has " + std::to_string(is.keys) +
                " keys, the folds left " + std::to_string(was.keys);
    text += is.keys < was.keys   ? ": keys have vanished"
            : is.keys > was.keys ? ": there are keys that were never written"
                                 : ", and they are not the same keys";
    all.push_back(std::move(text));
  }
  return all;
}

}  // namespace reprise::persistence::internal
