// A host's recent writes that a load may not show yet; merged over every load's answer.
//
// An entry is kept until it is durable and no outstanding or kept load was read before it: every later
// view shows it. Holds only what a resident host loads again: table entries and idempotency records.

#pragma once

#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "persistence/store.hpp"

namespace reprise::runtime {

class uncommitted_writes {
 public:
  using position = persistence::position;

  void put(std::string key, std::string value, position at) {
    written_[std::move(key)] = {at, std::move(value)};
  }
  void erase(std::string key, position at) { written_[std::move(key)] = {at, std::nullopt}; }
  // Erases everything in [first, last) as of `at`.
  void erase_range(const std::string& first, const std::string& last, position at) {
    written_.erase(written_.lower_bound(first), written_.lower_bound(last));
    cleared_.push_back({first, last, at});
  }

  // Returns what was written after `read_at`: a value or, as an empty inner optional, an erasure.
  // nullopt: not written here, use the store's answer.
  std::optional<std::optional<std::string>> find(const std::string& key, position read_at) const {
    const auto found = written_.find(key);
    if (found != written_.end() && found->second.at > read_at) return found->second.value;
    for (const auto& c : cleared_)
      if (c.at > read_at && key >= c.first && key < c.last) return std::optional<std::string>();
    return std::nullopt;
  }

  // Merges what was written after `read_at` over a page of [first, last).
  void merge(const std::string& first, const std::string& last, position read_at,
             std::map<std::string, std::string>& page) const {
    for (const auto& c : cleared_)
      if (c.at > read_at) page.erase(page.lower_bound(c.first), page.lower_bound(c.last));
    for (auto it = written_.lower_bound(first); it != written_.end() && it->first < last; ++it) {
      if (it->second.at <= read_at) continue;
      if (it->second.value)
        page[it->first] = *it->second.value;
      else
        page.erase(it->first);
    }
  }

  std::size_t in_range(const std::string& first, const std::string& last) const {
    return static_cast<std::size_t>(
        std::distance(written_.lower_bound(first), written_.lower_bound(last)));
  }

  // Drops everything up to `durable`, which all views to come show. Only while no load is outstanding
  // or kept.
  void trim(position durable) {
    std::erase_if(written_, [&](const auto& e) { return e.second.at <= durable; });
    std::erase_if(cleared_, [&](const auto& c) { return c.at <= durable; });
  }
  bool empty() const noexcept { return written_.empty() && cleared_.empty(); }

 private:
  struct write {
    position at = 0;
    std::optional<std::string> value;
  };
  struct clearing {
    std::string first, last;
    position at = 0;
  };
  std::map<std::string, write> written_;
  std::vector<clearing> cleared_;
};

}  // namespace reprise::runtime
