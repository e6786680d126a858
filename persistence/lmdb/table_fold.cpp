// Writes a layer into the tables: erased ranges first, then its keys in order, then the state record.

#include <lmdb.h>

#include <algorithm>
#include <cassert>
#include <cerrno>
#include <utility>

#include "persistence/batch.hpp"
#include "persistence/folder/file.hpp"
#include "persistence/folder/folder.hpp"
#include "persistence/kill_point.hpp"
#include "persistence/limits.hpp"
#include "persistence/lmdb/mdb_val.hpp"
#include "persistence/lmdb/tables.hpp"

namespace reprise::persistence::internal {

namespace {

// One write transaction; every call returns LMDB's code. Updates the sums in `state`, and those in
// `counted` for keys that were counted already.
class folding {
 public:
  folding(MDB_txn* txn, table_state& state, key_count& counted) : state_(state), counted_(counted) {
    unsigned table = 0;
    opened_ = mdb_dbi_open(txn, nullptr, 0, &table);
    if (opened_ == 0) opened_ = mdb_cursor_open(txn, table, &cursor_);
  }
  ~folding() {
    if (cursor_ != nullptr) mdb_cursor_close(cursor_);
  }
  folding(const folding&) = delete;

  int run(const layer& from) {
    if (opened_ != 0) return opened_;
    for (const auto* c = from.first_cover(); c != nullptr; c = c->next())
      if (const int code = erase_range(c->key, c->payload.last); code != 0) return code;
    for (const auto* n = from.first_from({}); n != nullptr; n = n->next()) {
      const auto stored = n->payload.load(std::memory_order_relaxed)->stored;
      const int code = stored.empty() ? erase(n->key) : put(n->key, stored);
      if (code != 0) return code;
    }
    return write_state();
  }

 private:
  int erase_range(std::string_view first, std::string_view last) {
    auto key = as_val(first);
    MDB_val value{};
    int code = mdb_cursor_get(cursor_, &key, &value, MDB_SET_RANGE);
    while (code == 0 && as_view(key) < last) {
      count(as_view(key), table_sums::gone);
      code = mdb_cursor_del(cursor_, 0);
      if (code == 0) code = mdb_cursor_get(cursor_, &key, &value, MDB_NEXT);
    }
    return code == MDB_NOTFOUND ? 0 : code;
  }

  int erase(std::string_view bytes) {
    auto key = as_val(bytes);
    MDB_val value{};
    const int code = mdb_cursor_get(cursor_, &key, &value, MDB_SET);
    if (code == MDB_NOTFOUND) return 0;
    if (code != 0) return code;
    count(bytes, table_sums::gone);
    return mdb_cursor_del(cursor_, 0);
  }

  int put(std::string_view bytes, std::string_view stored) {
    auto key = as_val(bytes), value = as_val(stored);
    const int code = mdb_cursor_put(cursor_, &key, &value, MDB_NOOVERWRITE);
    if (code == 0) count(bytes, table_sums::come);
    if (code != MDB_KEYEXIST) return code;
    value = as_val(stored);  // it was set to the existing value
    return mdb_cursor_put(cursor_, &key, &value, MDB_CURRENT);
  }

  int write_state() {
    const auto stored = stored_value(table_state_key, encode(state_));
    auto key = as_val(table_state_key), value = as_val(stored);
    return mdb_cursor_put(cursor_, &key, &value, 0);
  }

  void count(std::string_view key, table_sums::direction d) {
    assert(static_cast<unsigned char>(key.front()) < table_count);
    state_.sums.count(key, d);
    if (counted_.covers(key)) counted_.found.count(key, d);
  }

  table_state& state_;
  key_count& counted_;
  MDB_cursor* cursor_ = nullptr;
  int opened_ = 0;
};

}  // namespace

result<void> tables::fold(const layer& from, persistence::term in, position folded) {
  assert(folded >= state_.folded);
  const inside_tables here(path_.c_str());
  auto next = state_;
  auto counted = counted_;
  next.term = in;
  next.folded = folded;
  int dead = 0;
  mdb_reader_check(env_, &dead);  // otherwise a killed backup would pin its pages forever
  errno = 0;
  MDB_txn* txn = nullptr;
  int code = mdb_txn_begin(env_, nullptr, 0, &txn);
  if (code != 0) return failed("write", code);
  code = folding(txn, next, counted).run(from);
  if (code != 0) {
    auto why = not_folded(code, from.bytes());
    mdb_txn_abort(txn);
    return why;
  }
  pass(kill_point::in_fold);
  code = mdb_txn_commit(txn);
  if (code != 0) {
    auto why = not_folded(code, from.bytes());
    if (!mapped_ || !is_dead()) return why;  // false for tables that are just being created
    if (auto revived = revive(); !revived) return revived;
    // The pages may show the fold although the disk may not have it: it is folded again.
    if (state_.folded == folded) counted_ = std::move(counted);
    return why;
  }
  state_ = next;
  counted_ = std::move(counted);
  return {};
}

// Nothing that LMDB wrote in a failed transaction is used: the next attempt writes the same pages
// again. For a write that was done in part LMDB returns EIO, although no system call failed.
fault tables::not_folded(int code, std::size_t bytes) const {
  const bool in_part = code == EIO && errno != EIO;
  if (in_part) return failed("write", ENOSPC);
  auto why = failed("write", code);
  const bool short_of_room = code > 0 && free_bytes(folder_) < std::max(bytes, smallest_segment);
  if (why.code != errc::io || !short_of_room) return why;
  return {errc::full, why.text + ", and the disk is short of room; make room and try again"};
}

// Returns whether LMDB refuses everything, as it does after a failed write of its meta pages.
bool tables::is_dead() const {
  MDB_txn* txn = nullptr;
  const int code = mdb_txn_begin(env_, nullptr, MDB_RDONLY, &txn);
  if (code == 0) mdb_txn_abort(txn);
  return code == MDB_PANIC;
}

// Opens the environment again once no reader is in use.
result<void> tables::revive() {
  std::unique_lock lock(mutex_);
  reviving_ = true;
  turned_.wait(lock, [this] { return looking_ == 0; });
  for (auto* txn : idle_) mdb_txn_abort(txn);
  idle_.clear();
  mapped_.reset();
  mdb_env_close(std::exchange(env_, nullptr));
  result<void> opened;
  if (const int code = open_environment(); code != 0) opened = failed("open", code);
  if (opened) mapped_.emplace(path_);
  if (opened) opened = load_state();
  if (!opened && env_ != nullptr) mdb_env_close(std::exchange(env_, nullptr));
  ++lives_;
  reviving_ = false;
  lock.unlock();
  turned_.notify_all();
  return opened;
}

}  // namespace reprise::persistence::internal
