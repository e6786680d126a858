// A radix sort. Keys share long prefixes (their table, their type), and they are scattered in the
// log. So eight bytes of each are collected as a number and sorted; where these are equal, the next
// eight. Digits that are the same in all keys are skipped, and most are, because keys are text.
// Equal keys stay in the order of the log.

#include "persistence/memtable/last_writes.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>
#include <utility>

#include "persistence/limits.hpp"

namespace reprise::persistence::internal {

namespace {

constexpr std::size_t step = sizeof(std::uint64_t);
// How many keys ahead to prefetch.
constexpr std::size_t ahead = 16;
// Up to this many are sorted by comparing whole keys.
constexpr std::size_t few = 64;

std::uint64_t head_of(std::string_view key, std::size_t depth) noexcept {
  std::array<char, step> bytes{};
  if (depth + step <= key.size())
    std::memcpy(bytes.data(), key.data() + depth, step);
  else if (depth < key.size())
    std::memcpy(bytes.data(), key.data() + depth, key.size() - depth);
  std::uint64_t head = 0;
  for (const char c : bytes) head = head << 8 | static_cast<unsigned char>(c);
  return head;
}

constexpr std::size_t values = 256;  // of one digit
std::size_t digit(std::uint64_t head, std::size_t which) noexcept {
  return head >> 8 * which & (values - 1);
}

}  // namespace

// Sorts by the heads, digit by digit from the last, and skips digits that do not differ.
void last_writes::sort_by_head(std::span<entry> some) {
  std::uint64_t differ = 0;
  for (const auto& e : some) differ |= e.head ^ some.front().head;
  std::array<std::array<std::uint32_t, values>, step> counts{};
  for (const auto& e : some)
    for (std::size_t d = 0; d < step; ++d) ++counts[d][digit(e.head, d)];
  std::span<entry> from = some, to = std::span(other_).first(some.size());
  for (std::size_t d = 0; d < step; ++d) {
    if (digit(differ, d) == 0) continue;
    std::uint32_t begin = 0;
    for (auto& count : counts[d]) begin += std::exchange(count, begin);
    for (const auto& e : from) to[counts[d][digit(e.head, d)]++] = e;
    std::swap(from, to);
  }
  if (from.data() != some.data()) std::ranges::copy(from, some.begin());
}

// Sorts `some`, which share the bytes before `depth`.
void last_writes::sort(std::span<entry> some, std::size_t depth) {
  for (std::size_t i = 0; i < some.size(); ++i) {
    if (i + ahead < some.size()) __builtin_prefetch(some[i + ahead].write);
    some[i].head = head_of(key_of_write(some[i].write), depth);
  }
  sort_by_head(some);
  for (std::size_t first = 0, last = 0; first < some.size(); first = last) {
    for (; last < some.size() && some[last].head == some[first].head; ++last)
      if (last + ahead < some.size()) __builtin_prefetch(some[last + ahead].write);
    take_last(some.subspan(first, last - first), depth + step);
  }
}

// `alike` share the bytes before `depth`, and may all be the same key.
void last_writes::take_last(std::span<entry> alike, std::size_t depth) {
  const auto key = [](const entry& e) { return key_of_write(e.write); };
  const auto differs = [&](const entry& e) { return key(e) != key(alike.front()); };
  if (std::none_of(alike.begin() + 1, alike.end(), differs)) {
    last_.push_back(alike.back().write);
  } else if (alike.size() > few && depth < limits::max_key_bytes) {
    sort(alike, depth);
  } else {
    std::ranges::stable_sort(alike, {}, key);
    for (std::size_t i = 0; i < alike.size(); ++i)
      if (i + 1 == alike.size() || key(alike[i]) != key(alike[i + 1]))
        last_.push_back(alike[i].write);
  }
}

large_vector<const char*> last_writes::of_each_key() {
  other_.resize(std::max(other_.size(), entries_.size()));
  last_.reserve(entries_.size());
  if (!entries_.empty()) take_last(entries_, 0);
  entries_.clear();
  return std::exchange(last_, {});
}

}  // namespace reprise::persistence::internal
