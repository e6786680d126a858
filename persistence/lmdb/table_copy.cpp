// Copies a view of the tables into new tables, key by key in order: compact, and as of the view.

#include <lmdb.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

#include "persistence/folder/file.hpp"
#include "persistence/lmdb/mdb_val.hpp"
#include "persistence/lmdb/tables.hpp"

namespace reprise::persistence::internal {

namespace {

constexpr std::uint64_t records_at_a_time = 20'000;  // bounds the memory of a transaction

}  // namespace

result<void> tables::copy(reader& from, const std::string& folder, std::size_t map_bytes,
                          const std::function<void(std::uint64_t)>& copied) {
  std::error_code error;
  std::filesystem::create_directory(folder, error);
  if (error) return system_fault("make", folder, error.value());
  tables made;
  made.folder_ = folder;
  made.path_ = folder + "/data.mdb";
  int code = mdb_env_create(&made.env_);
  if (code == 0) code = mdb_env_set_mapsize(made.env_, map_bytes);
  // Flushed once, at the end: before that it is not used as a store.
  if (code == 0) code = mdb_env_open(made.env_, folder.c_str(), MDB_NOTLS | MDB_NOSYNC, 0644);
  if (code != 0) return made.failed("make", code);

  std::uint64_t count = 0;
  auto record = from.seek({});
  while (record && *record) {
    MDB_txn* txn = nullptr;
    unsigned table = 0;
    errno = 0;
    code = mdb_txn_begin(made.env_, nullptr, 0, &txn);
    if (code != 0) return made.failed("write", code);
    code = mdb_dbi_open(txn, nullptr, 0, &table);
    for (std::uint64_t n = 0; code == 0 && n < records_at_a_time && record && *record; ++n) {
      auto key = as_val((*record)->first), value = as_val((*record)->second);
      code = mdb_put(txn, table, &key, &value, MDB_APPEND);
      if ((*record)->first != table_state_key) ++count;
      record = from.next();
    }
    if (code == 0)
      code = mdb_txn_commit(txn);
    else
      mdb_txn_abort(txn);
    if (code != 0) return made.not_folded(code, 0);
    copied(count);
  }
  if (!record) return std::move(record).error();
  code = mdb_env_sync(made.env_, 1);
  if (code != 0) return made.failed("flush", code);
  return {};
}

}  // namespace reprise::persistence::internal
