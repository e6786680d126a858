// A store in memory: for tests and nodes without a data folder. What `lmdb_store` promises about
// views, positions and terms holds here too; nothing survives the process.
//
// `memory_disk` is what would be on the disk. Opening a second store over it, after the first is
// destroyed, is what a restart is.
//
// Threads: as store.hpp says; every load is answered at once, on the caller's thread.

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
  std::map<std::string, std::string> records;  // key to stored value: its checksum, then the value
  position durable = 0;
  persistence::term term = 0;
};

class memory_store final : public store {
 public:
  memory_store() : memory_store(std::make_shared<memory_disk>()) {}
  explicit memory_store(std::shared_ptr<memory_disk>);  // one store at a time

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
