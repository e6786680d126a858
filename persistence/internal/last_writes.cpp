// Keys share long beginnings (their table, their type), and each stands somewhere else in the log. So
// eight bytes of each are brought together as a number and sorted; where they are equal, the next
// eight.

#include "persistence/internal/last_writes.hpp"

#include <algorithm>
#include <array>
#include <boost/sort/pdqsort/pdqsort.hpp>
#include <boost/sort/spreadsort/integer_sort.hpp>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace reprise::persistence::internal {

namespace {

constexpr std::size_t step = sizeof(std::uint64_t);
// Keys whose bytes are on their way from memory while one is looked at.
constexpr std::size_t ahead = 16;

struct entry {
  std::uint64_t head;  // eight bytes of the key, zeros behind its end
  const char* write;
  std::uint32_t left;   // bytes of the key from there on; step + 1: more than these eight
  std::uint32_t order;  // among the writes
};

bool differ(const entry& a, const entry& b) noexcept {
  return a.head != b.head || a.left != b.left;
}

void bring(entry& e, std::size_t depth) noexcept {
  const auto key = key_of_write(e.write).substr(depth);
  std::array<char, step> bytes{};
  key.copy(bytes.data(), bytes.size());
  e.head = 0;
  for (const char c : bytes) e.head = e.head << 8 | static_cast<unsigned char>(c);
  e.left = static_cast<std::uint32_t>(std::min(key.size(), step + 1));
}

// By head and left.
void sort_by_rank(std::span<entry> some) {
  if (std::adjacent_find(some.begin(), some.end(), differ) == some.end()) return;
  const auto head = [](const entry& e, unsigned shift) { return e.head >> shift; };
  const auto less = [](const entry& a, const entry& b) { return a.head < b.head; };
  boost::sort::spreadsort::integer_sort(some.begin(), some.end(), head, less);
  for (auto first = some.begin(); first != some.end();) {
    const auto last =
        std::find_if(first + 1, some.end(), [&](const entry& e) { return e.head != first->head; });
    boost::sort::pdqsort(first, last,
                         [](const entry& a, const entry& b) { return a.left < b.left; });
    first = last;
  }
}

// `some` share the bytes before `depth`.
void sort(std::span<entry> some, std::size_t depth, std::vector<const char*>& last) {
  for (std::size_t i = 0; i < some.size(); ++i) {
    if (i + ahead < some.size()) __builtin_prefetch(some[i + ahead].write);
    bring(some[i], depth);
  }
  sort_by_rank(some);
  while (!some.empty()) {
    const auto end = std::adjacent_find(some.begin(), some.end(), differ);
    const auto same =
        end == some.end() ? some : some.first(static_cast<std::size_t>(end - some.begin()) + 1);
    if (same.size() > 1 && same.front().left > step) {
      sort(same, depth + step, last);
    } else {  // one key
      last.push_back(std::ranges::max(same, {}, &entry::order).write);
    }
    some = some.subspan(same.size());
  }
}

}  // namespace

std::vector<const char*> last_of_each_key(std::span<const char* const> writes) {
  std::vector<entry> all(writes.size());
  assert(writes.size() <= UINT32_MAX);
  for (std::uint32_t i = 0; i < writes.size(); ++i) {
    all[i].write = writes[i];
    all[i].order = i;
  }
  std::vector<const char*> last;
  last.reserve(writes.size());
  if (!all.empty()) sort(all, 0, last);
  return last;
}

}  // namespace reprise::persistence::internal
