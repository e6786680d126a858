// A store in memory: for tests and nodes without a data folder. It keeps the promises of
// `lmdb_store` about views, positions and terms; nothing survives the process.
//
// It is one map, not a `layered_store`: without a disk there is nothing to flush and nothing to fold.
// So the tests of every store also compare the layers with something that has none.
//
// `memory_disk` stands for the disk: destroying a store and opening another over the same disk
// simulates a restart.
//
// Threads: as in store.hpp; every load is answered at once on the caller's thread.

#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>

#include "persistence/store.hpp"

namespace reprise::persistence {

struct memory_disk {
  std::mutex mutex;
  std::map<std::string, std::string> records;  // key to stored value: checksum, then value
  position durable = 0;
  persistence::term term = 0;
};

class memory_store final : public store {
 public:
  memory_store() : memory_store(std::make_shared<memory_disk>()) {}
  explicit memory_store(std::shared_ptr<memory_disk>);  // only one store at a time

  persistence::term term() const override;
  position durable() const override;
  result<void> commit(position first, std::span<const batch> group) override;
  result<persistence::term> begin_term() override;
  void load(load_request, std::function<void(load_answer)> done) override;
  load_answer read(const load_request&) override;
  store_load load_state() const override { return {}; }
  bool must_wait() const noexcept override { return false; }
  void watch(store_events) override {}
  void close() override {}

 private:
  std::shared_ptr<memory_disk> disk_;
};

}  // namespace reprise::persistence
