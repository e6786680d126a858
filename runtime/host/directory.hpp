// Address to live host: activation on the first message, passivation of those not used lately.
//
// A push happens under the lock of its shard and so does the decision to drop a host: no message is
// lost between the two.

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

// There are many keys and few types, of which two seldom have a key in common: of a type is taken what
// costs nothing.
struct address_hash {
  std::size_t operator()(const address& a) const noexcept {
    const std::size_t of_type = a.type.empty() ? 0 : a.type.size() * 256 + a.type.back();
    return std::hash<std::string>()(a.key) * 31 + of_type + static_cast<std::size_t>(a.kind);
  }
};

// An address whose shard and host are looked for: hashed once.
struct sought {
  explicit sought(const address& a) : at(a), hash(address_hash()(a)) {}
  const address& at;
  const std::size_t hash;
};

// Hosts by their own address: it is in memory once. Not noexcept: then libstdc++ keeps the hash in
// the node, and looks at no other host on its way.
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
  // Makes the host of an address: what kinds there are is known above.
  using host_factory = std::shared_ptr<host> (*)(turn_services&, const address&,
                                                 std::uint64_t epoch);
  directory(turn_services& s, host_factory make) : services_(s), make_(make) {}

  // Takes `m` to its host, which is made when there is none. False: refused (the mailbox is full),
  // and `m` is as it was. A message of another epoch is dropped: its sender's turn never happened.
  bool deliver(message_ptr& m, std::uint64_t epoch);

  // These have messages in the table up to `recovered`; each is made to load them before anything
  // else.
  void expect(std::vector<address> pending, position recovered);
  // Makes hosts for up to `count` of them; false when none is left.
  bool activate_expected(std::size_t count);

  // Gives the host a run, making it if need be: an instance that has something to do of its own.
  void activate(const address&);

  // Gives a run to each host that has something in its mailbox.
  void wake_waiting();

  // Drops hosts that were not used since the last call and have nothing to do; gives how many.
  std::size_t passivate(std::size_t at_most);
  // The same for the next slice of a walk over all, or of those alone that are spent. False: it was the last.
  enum class who : bool { spent, rested };
  bool passivate_some(who);

  // Drops the host of this address if it is spent and has nothing to do.
  void release(const address&);

  // Drops every host; what waits in memory from outside is answered with `why`.
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
  const std::shared_ptr<host>& find_or_make(shard&, const sought&);  // under the shard's lock
  // Where a walk over all hosts is. Those of a bucket are looked at together; when a shard grows between two
  // slices some are looked at twice or not at all.
  struct place {
    std::size_t shard = 0, bucket = 0;
  };
  std::size_t passivate_slice(place&, who);

  turn_services& services_;
  const host_factory make_;
  position recovered_ = 0;
  std::array<shard, shard_count> shards_;
  place pressed_, swept_;             // upkeep thread only
  std::size_t next_to_activate_ = 0;  // likewise
  std::atomic<std::uint64_t> passivated_{0};
};

}  // namespace reprise::runtime
