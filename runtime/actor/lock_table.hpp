// All records of the locks table, in memory, so that no host has to read its own when it is activated.
//
// A host updates its actor's entry together with the transition that writes the record. After a failed
// commit the whole table is read again, and updates by hosts of an earlier epoch are ignored.
//
// Threads: any; one lock, which is not touched while there are no locks.

#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <map>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <utility>

#include "runtime/host/directory.hpp"
#include "runtime/message/records.hpp"

namespace reprise::runtime {

class lock_table {
 public:
  using contents = std::unordered_map<address, records::lock, address_hash>;

  void replace(contents all, std::uint64_t epoch) {
    std::lock_guard lock(mutex_);
    all_ = std::move(all);
    epoch_ = epoch;
    count_ = all_.size();
  }

  // nullopt: the actor is free, and nothing is revoked.
  std::optional<records::lock> find(const address& actor) const {
    if (count_ == 0) return std::nullopt;
    std::lock_guard lock(mutex_);
    const auto found = all_.find(actor);
    if (found == all_.end()) return std::nullopt;
    return found->second;
  }

  // Returns held actors in address order, after `after`; at most `at_most`.
  std::map<address, records::lock> held(const address& after, std::size_t at_most) const {
    std::map<address, records::lock> found;
    std::lock_guard lock(mutex_);
    for (const auto& [actor, one] : all_) {
      if (!one.holder || actor <= after) continue;
      found.emplace(actor, one);
      if (found.size() > at_most) found.erase(std::prev(found.end()));
    }
    return found;
  }

  void put(const address& actor, records::lock l, std::uint64_t epoch) {
    std::lock_guard lock(mutex_);
    if (epoch != epoch_) return;
    all_.insert_or_assign(actor, std::move(l));
    count_ = all_.size();
  }
  void erase(const address& actor, std::uint64_t epoch) {
    std::lock_guard lock(mutex_);
    if (epoch != epoch_) return;
    all_.erase(actor);
    count_ = all_.size();
  }

 private:
  mutable std::mutex mutex_;
  contents all_;
  std::uint64_t epoch_ = 0;
  std::atomic<std::size_t> count_{0};
};

}  // namespace reprise::runtime
