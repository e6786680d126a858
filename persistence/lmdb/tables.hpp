// The tables of a data folder: one LMDB environment with one key space, written by folds only.
//
// Besides the records it holds one of the store's own, `table_state`, written by every fold: the
// position of the tables, and for every table the number of its keys and the sum of their hashes.
// With these sums, lost or foreign keys are detected after every open and by `store check`.
//
// LMDB's rules that are followed here: default sync mode, no WRITEMAP, no DUPSORT, NOTLS, opened
// once per process, map reserved at open, the file's length checked before the map is read.
//
// Threads: as in base_tables.hpp; each `reader` by one thread, in any number.
// Failure: `full` (map or disk: nothing was folded), `corrupt` (page structure), `io`.

#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "persistence/errc.hpp"
#include "persistence/keys.hpp"
#include "persistence/layered/base_tables.hpp"
#include "persistence/lmdb/key_count.hpp"
#include "persistence/lmdb/mapped_tables.hpp"
#include "persistence/memtable/layer.hpp"
#include "persistence/store.hpp"

struct MDB_env;
struct MDB_txn;
struct MDB_cursor;

namespace reprise::persistence::internal {

struct table_state {
  persistence::term term = 0;
  position folded = 0;  // the tables hold every write up to here, and none after it
  table_sums sums;
  bool unknown_tables = false;  // some keys are of tables that this program does not know
};
inline constexpr std::string_view table_state_key{"\0", 1};
std::string encode(const table_state&);
// Accepts records with fewer tables (the others are empty) and with more (see `unknown_tables`).
std::optional<table_state> read_table_state(std::string_view value);

class tables final : public base_tables {
 public:
  // Creates empty tables under a temporary name, flushes them and renames them.
  static result<void> create(const std::string& folder, std::size_t map_bytes);
  // `read_only` writes nothing, not even a lock file: for a folder that the caller has locked.
  // `beside_a_writer` reads while another process may write; its views pin pages, like those of the
  // writer's own process.
  enum class access { read_write, read_only, beside_a_writer };
  static result<std::unique_ptr<tables>> open(const std::string& folder, std::size_t map_bytes,
                                              access);
  ~tables() override;

  // The state after the last fold.
  const table_state& state() const noexcept { return state_; }

  // In one transaction. `full` is also returned for other errors while the disk is short of room.
  result<void> fold(const layer&, persistence::term, position folded) override;

  std::optional<load_answer> read(const load_request&, const view& above) override;

  // `corrupt`: a search does not find a key, or all are counted and differ from what the folds left.
  result<bool> count_keys(std::size_t at_most) override;

  // One view of the tables. What it returns is valid until it is destroyed.
  class reader {
   public:
    reader(reader&&) noexcept;
    ~reader();

    position folded() const noexcept { return folded_; }
    // Returns the stored value.
    result<std::optional<std::string_view>> get(std::string_view key);
    // `seek` returns the first record from `key` on, `next` the one after the last returned.
    using record = std::pair<std::string_view, std::string_view>;
    result<std::optional<record>> seek(std::string_view key);
    result<std::optional<record>> next();

   private:
    friend class tables;
    reader(tables& of, MDB_txn* txn) : of_(&of), txn_(txn) {}
    result<std::optional<record>> move(int operation, std::string_view key);

    tables* of_;
    MDB_txn* txn_;
    MDB_cursor* cursor_ = nullptr;
    position folded_ = 0;
  };
  result<reader> look();

  // Describes the readers of other processes, and frees the reader slots of processes that are gone.
  struct reader_list {
    int gone = 0;              // slots of killed processes
    int process = 0;           // that has the oldest view; 0: none
    std::uint64_t behind = 0;  // transactions since that view
  };
  reader_list readers();

  // Copies what a view shows into new tables in `folder`, which must not exist. Flushes the tables,
  // but not the folder's name. Calls `copied` from time to time with the records so far.
  static result<void> copy(reader& from, const std::string& folder, std::size_t map_bytes,
                           const std::function<void(std::uint64_t)>& copied);

 private:
  tables() = default;
  int open_environment();
  fault failed(std::string_view doing, int code) const;
  fault not_folded(int code, std::size_t bytes) const;
  bool is_dead() const;
  result<void> revive();
  MDB_txn* begin_look(int& code);
  void end_look(MDB_txn* to_use_again);
  fault damaged(const std::string& how) const;
  result<void> load_state();

  std::string folder_;
  std::string path_;  // of the data file
  std::size_t map_bytes_ = 0;
  access how_ = access::read_write;
  std::optional<mapped_tables> mapped_;
  MDB_env* env_ = nullptr;
  unsigned table_ = 0;  // LMDB's handle of the only key space
  table_state state_;
  key_count counted_;
  std::mutex mutex_;                // guards what follows
  std::vector<MDB_txn*> idle_;      // readers for reuse
  std::size_t looking_ = 0;         // readers in use
  std::uint64_t lives_ = 0;         // how often the environment was reopened
  bool reviving_ = false;           // no reader may start
  std::condition_variable turned_;  // one of the three above changed
};

}  // namespace reprise::persistence::internal
