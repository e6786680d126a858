// Maps addresses to hosts: activates a host at its first message, and passivates idle ones.
//
// A push and the decision to drop a host both happen under the shard's lock, so no message is lost
// between them.

#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <unordered_set>
#include <vector>

#include "runtime/message/message.hpp"

namespace reprise::runtime {

class host;
struct turn_services;

// Hashes the key and only the cheapest parts of the type: there are many keys but few types, and two
// types rarely have a key in common.
struct address_hash {
  std::size_t operator()(const address& a) const noexcept {
    const std::size_t of_type = a.type.empty() ? 0 : a.type.size() * 256 + a.type.back();
    return std::hash<std::string>()(a.key) * 31 + of_type + static_cast<std::size_t>(a.kind);
  }
};

// An address to look up, hashed once for shard and host.
struct sought {
  explicit sought(const address& a) : at(a), hash(address_hash()(a)) {}
  const address& at;
  const std::size_t hash;
};

// Hashes a host by its own address, so that the address is stored only once. Deliberately not noexcept:
// then libstdc++ caches the hash in the node, and a lookup touches no other host.
struct host_hash {
  using is_transparent = void;
  std::size_t operator()(const sought& a) const { return a.hash; }
  std::size_t operator()(const std::shared_ptr<host>&) const;
};
struct same_host {
  using is_transparent = void;
  bool operator()(const std::shared_ptr<host>&, const std::shared_ptr<host>&) const noexcept;
  bool operator()(const sought&, const std::shared_ptr<host>&) const noexcept;
};
using host_set = std::unordered_set<std::shared_ptr<host>, host_hash, same_host>;

class directory {
 public:
  // Makes the host of an address. Its kinds are known to higher rooms only.
  using host_factory = std::shared_ptr<host> (*)(turn_services&, const address&,
                                                 std::uint64_t epoch);
  directory(turn_services& s, host_factory make) : services_(s), make_(make) {}

  // Pushes `m` to its host, which is created if needed. False: refused because the mailbox is full, and
  // `m` is unchanged. A message of another epoch is dropped: its sender's turn never happened.
  bool deliver(message_ptr& m, std::uint64_t epoch);

  // Notes addresses with messages in the table up to `recovered`; their hosts load these before
  // anything else.
  void expect(std::vector<address> pending, position recovered);
  // Creates hosts for up to `count` of them; false when none is left.
  bool activate_expected(std::size_t count);

  // Activates the address's host, created if needed: for an instance that has work without a message.
  void activate(const address&);

  // Wakes each host whose mailbox is not empty.
  void wake_waiting();

  // Drops hosts that were not used since the last call and have nothing to do; returns how many.
  std::size_t passivate(std::size_t at_most);
  // Does the same for the next slice of a walk over all hosts, or only for spent ones. False: the walk
  // is complete.
  enum class who : bool { spent, rested };
  bool passivate_some(who);

  // Drops the host of this address if it is spent and has nothing to do.
  void release(const address&);

  // Drops every host; callers outside whose messages wait in memory are answered with `why`.
  void drop_all(std::uint64_t new_epoch, const failure& why);

  std::size_t size() const;
  std::uint64_t passivated() const noexcept { return passivated_.load(std::memory_order_relaxed); }

 private:
  static constexpr std::size_t shard_count = 64;
  struct shard {
    mutable std::mutex mutex;
    host_set hosts;
    std::unordered_set<address, address_hash> expected;
    std::uint64_t epoch = 0;
  };
  shard& of(const sought& a) { return shards_[a.hash % shard_count]; }
  // Call with the shard's lock held.
  const std::shared_ptr<host>& find_or_make(shard&, const sought&);
  // The position of a walk over all hosts, bucket by bucket. If a shard rehashes between two slices,
  // some hosts are visited twice or not at all.
  struct place {
    std::size_t shard = 0, bucket = 0;
  };
  std::size_t passivate_slice(place&, who);

  turn_services& services_;
  const host_factory make_;
  position recovered_ = 0;
  std::array<shard, shard_count> shards_;
  place pressed_, swept_;             // used by the upkeep thread only
  std::size_t next_to_activate_ = 0;  // likewise
  std::atomic<std::uint64_t> passivated_{0};
};

}  // namespace reprise::runtime
