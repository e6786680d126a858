// The tables of a data folder: one LMDB environment with one key space, written by folds only.
//
// Besides the records it holds one of the store's own, `table_state`, written by every fold: how
// far the tables go, and for every table how many keys it has and the sum of their hashes. With
// those sums a vanished or a foreign key is found, after every open and by `store check`.
//
// LMDB's rules that are kept here: default sync mode, no WRITEMAP, no DUPSORT, NOTLS, opened once,
// map reserved at open, the file's length checked before the map is read.
//
// Threads: `fold` and `count_keys` by one at a time; a `reader` is used by one thread, any number exist.
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
  bool unknown_tables = false;  // there are keys of tables that this program does not know
};
inline constexpr std::string_view table_state_key{"\0", 1};
std::string encode(const table_state&);
// Of a program with fewer tables: the others are empty. Of one with more: see `unknown_tables`.
std::optional<table_state> read_table_state(std::string_view value);

class tables {
 public:
  // Makes empty tables under another name, flushes them, and gives them their name.
  static result<void> create(const std::string& folder, std::size_t map_bytes);
  // `read_only` writes nothing, not even a lock file: for a folder whose lock one holds.
  // `beside_a_writer` reads what another process may write; its views keep pages from being used
  // again, as those of the writer's own process do.
  enum class access { read_write, read_only, beside_a_writer };
  static result<std::unique_ptr<tables>> open(const std::string& folder, std::size_t map_bytes,
                                              access);
  ~tables();

  // As last folded.
  const table_state& state() const noexcept { return state_; }

  // Brings the tables up to the layer's end, in one transaction. `full`: they are as before, and the
  // same may be tried again; also for an error that has another name while the disk is short of room.
  result<void> fold(const layer&, persistence::term, position folded);

  // Counts on, at most so many keys. True: there are more. `corrupt`: a search does not find one of
  // them, or all are counted, and they are not those that the folds left.
  result<bool> count_keys(std::size_t at_most);

  // One view of the tables. What it gives is valid until it is destroyed.
  class reader {
   public:
    reader(reader&&) noexcept;
    ~reader();

    position folded() const noexcept { return folded_; }
    // The stored value.
    result<std::optional<std::string_view>> get(std::string_view key);
    // The first record from `key` on, and the one after the last given.
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

  // Who looks at the tables, in all processes but this one. Frees the places of those that are gone.
  struct reader_list {
    int gone = 0;              // processes were killed with so many views
    int process = 0;           // that has the oldest view now; 0: none
    std::uint64_t behind = 0;  // transactions since that view
  };
  reader_list readers();

  // What a view shows into tables of their own in `folder`, which must not be there. Flushed; not
  // the folder's name. `copied` is called now and then with the records so far.
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
  unsigned table_ = 0;  // LMDB's handle of the one key space
  table_state state_;
  key_count counted_;
  std::mutex mutex_;                // of what follows
  std::vector<MDB_txn*> idle_;      // readers to use again
  std::size_t looking_ = 0;         // readers in use
  std::uint64_t lives_ = 0;         // how often the environment was opened again
  bool reviving_ = false;           // no reader may begin
  std::condition_variable turned_;  // one of the three above has
};

}  // namespace reprise::persistence::internal
