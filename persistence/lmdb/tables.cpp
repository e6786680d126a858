#include "persistence/lmdb/tables.hpp"

#include <fcntl.h>
#include <lmdb.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cassert>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <vector>

#include "persistence/batch.hpp"
#include "persistence/folder/file.hpp"
#include "persistence/lmdb/mdb_val.hpp"

namespace reprise::persistence::internal {

namespace fs = std::filesystem;

namespace {

// One reader is one load in progress: of loader threads, or of callers that read directly.
constexpr unsigned max_readers = 510;

std::string data_file(const std::string& folder) { return folder + "/data.mdb"; }

// LMDB writes to the lock file through a map, where a full disk raises SIGBUS, so allocate it first.
int make_lock_file(const std::string& folder) {
  constexpr off_t bytes = 64 << 10;  // size of a new one; a reader's slot takes 64 bytes
  const int lock = ::open((folder + "/lock.mdb").c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0644);
  if (lock < 0) return errno;
  struct stat s {};
  int error = ::fstat(lock, &s) != 0 ? errno : 0;
  if (error == 0) error = ::posix_fallocate(lock, 0, s.st_size != 0 ? s.st_size : bytes);
  ::close(lock);
  return error;
}

void end_for_assertion(MDB_env* env, const char* what) {
  end_for_damage(static_cast<const char*>(mdb_env_get_userctx(env)), what);
}

}  // namespace

std::string encode(const table_state& s) {
  std::string bytes;
  const auto number = [&](std::uint64_t v) { bytes.append(reinterpret_cast<const char*>(&v), 8); };
  number(record_format);
  number(s.term);
  number(s.folded);
  number(0);  // reserved for the folder's id
  number(table_count);
  for (std::size_t i = 0; i < table_count; ++i) number(s.sums[i].keys), number(s.sums[i].hashes);
  return bytes;
}

std::optional<table_state> read_table_state(std::string_view value) {
  constexpr std::size_t head = 5;
  std::vector<std::uint64_t> numbers(value.size() / sizeof(std::uint64_t));
  if (value.size() % sizeof(std::uint64_t) != 0 || numbers.size() < head) return std::nullopt;
  std::memcpy(numbers.data(), value.data(), value.size());
  const auto count = (numbers.size() - head) / 2;
  if (numbers[0] != record_format || numbers[4] != count || numbers.size() != head + 2 * count)
    return std::nullopt;
  table_state s;
  s.term = numbers[1];
  s.folded = numbers[2];
  for (std::size_t i = 0; i < count; ++i) {
    const table_sum of{numbers[head + 2 * i], numbers[head + 1 + 2 * i]};
    if (i < table_count)
      s.sums[i] = of;
    else
      s.unknown_tables |= !(of == table_sum{});
  }
  return s;
}

result<void> tables::create(const std::string& folder, std::size_t map_bytes) {
  const auto fresh = folder + ".new";
  std::error_code error;
  fs::remove_all(fresh, error);
  if (!error) fs::create_directory(fresh, error);
  if (error) return system_fault("make", fresh, error.value());
  tables made;
  made.folder_ = fresh;
  made.path_ = data_file(fresh);
  made.map_bytes_ = map_bytes;
  errno = 0;
  if (const int code = made.open_environment(); code != 0) return made.not_folded(code, 0);
  // A first, empty fold writes the state record.
  if (auto begun = made.fold(layer(), 0, 0); !begun) return begun.error();
  if (auto synced = file::sync_folder(fresh); !synced) return synced.error();
  fs::rename(fresh, folder, error);
  if (error) return system_fault("rename", fresh, error.value());
  return file::sync_folder(fs::path(folder).parent_path().string());
}

result<std::unique_ptr<tables>> tables::open(const std::string& folder, std::size_t map_bytes,
                                             access how) {
  std::unique_ptr<tables> t(new tables);
  t->folder_ = folder;
  t->path_ = data_file(folder);
  t->map_bytes_ = map_bytes;
  t->how_ = how;
  // LMDB treats an empty file as a new one, and reading a map beyond the file kills the process.
  struct stat s {};
  if (::stat(t->path_.c_str(), &s) != 0) return system_fault("look at", t->path_, errno);
  const auto truncated = [&] {
    return fault{errc::corrupt, t->path_ + " is shorter than its contents (" +
                                    std::to_string(s.st_size) +
                                    " bytes): it was cut. Restore the folder from a backup"};
  };
  if (s.st_size == 0) return truncated();
  if (const int code = t->open_environment(); code != 0) return t->failed("open", code);
  t->mapped_.emplace(t->path_);
  MDB_envinfo info{};
  MDB_stat stat{};
  mdb_env_info(t->env_, &info);
  mdb_env_stat(t->env_, &stat);
  const auto needed = (std::uint64_t{info.me_last_pgno} + 1) * stat.ms_psize;
  // Again, because it may have grown to what a writer has just recorded.
  if (::stat(t->path_.c_str(), &s) != 0) return system_fault("look at", t->path_, errno);
  if (static_cast<std::uint64_t>(s.st_size) < needed) return truncated();
  if (auto loaded = t->load_state(); !loaded) return loaded.error();
  return t;
}

int tables::open_environment() {
  int code = how_ == access::read_write ? make_lock_file(folder_) : 0;
  if (code == 0) code = mdb_env_create(&env_);
  if (code == 0) code = mdb_env_set_userctx(env_, const_cast<char*>(path_.c_str()));
  if (code == 0) code = mdb_env_set_assert(env_, end_for_assertion);
  if (code == 0) code = mdb_env_set_maxreaders(env_, max_readers);
  if (code == 0) code = mdb_env_set_mapsize(env_, map_bytes_);
  unsigned flags = MDB_NOTLS;
  if (how_ != access::read_write) flags |= MDB_RDONLY;
  if (how_ == access::read_only) flags |= MDB_NOLOCK;
  if (code == 0) code = mdb_env_open(env_, folder_.c_str(), flags, 0644);
  return code;
}

tables::~tables() {
  for (auto* txn : idle_) mdb_txn_abort(txn);
  if (env_ != nullptr) mdb_env_close(env_);
}

fault tables::failed(std::string_view doing, int code) const {
  if (is_full(code)) return system_fault(doing, path_, code);
  const auto what = "cannot " + std::string(doing) + " " + path_ + ": " + mdb_strerror(code);
  switch (code) {
    case MDB_MAP_FULL:
      return {errc::full, what + "; open the folder with a larger map"};
    case MDB_CORRUPTED:
    case MDB_PAGE_NOTFOUND:
    case MDB_INVALID:
    case MDB_VERSION_MISMATCH:
      return {errc::corrupt, what + ". The file is damaged: restore the folder from a backup"};
    default:
      return {errc::io, what};
  }
}

result<void> tables::load_state() {
  MDB_txn* txn = nullptr;
  int code = mdb_txn_begin(env_, nullptr, MDB_RDONLY, &txn);
  if (code != 0) return failed("read", code);
  code = mdb_dbi_open(txn, nullptr, 0, &table_);
  auto key = as_val(table_state_key);
  MDB_val value{};
  if (code == 0) code = mdb_get(txn, table_, &key, &value);
  std::optional<table_state> state;
  if (code == 0)
    if (const auto verified = verified_value(table_state_key, as_view(value)))
      state = read_table_state(*verified);
  // The handle outlives its transaction only if that commits.
  const int ended = mdb_txn_commit(txn);
  if (code != 0 && code != MDB_NOTFOUND) return failed("read", code);
  if (ended != 0) return failed("read", ended);
  if (!state)
    return fault{errc::corrupt, path_ +
                                    ": the record that says how far the tables go is damaged. "
                                    "Restore the folder from a backup"};
  if (state->unknown_tables)
    return fault{errc::newer, path_ +
                                  " has tables that this program does not know. Use the newer "
                                  "version that wrote them"};
  state_ = *state;
  return {};
}

fault tables::damaged(const std::string& how) const {
  return {errc::corrupt, path_ + " is damaged: " + how +
                             ". Look with `store check`, restore the folder from a backup"};
}

// Iteration goes from leaf to leaf, but a search is led by the pages above them, which may be
// damaged. If it finds the first and the last key of each leaf, it finds all keys between them.
result<bool> tables::count_keys(std::size_t at_most) {
  if (counted_.complete) return false;
  auto in = look();
  if (!in) return std::move(in).error();
  std::string_view last;
  const auto is_found = [&in](std::string_view key) {
    const auto sought = in->get(key);
    return sought && *sought;
  };
  const auto same_page = [](std::string_view a, std::string_view b) {
    constexpr std::uintptr_t smallest_page = 4096;
    return reinterpret_cast<std::uintptr_t>(a.data()) / smallest_page ==
           reinterpret_cast<std::uintptr_t>(b.data()) / smallest_page;
  };
  auto record = in->seek(counted_.next);
  for (; record && *record && at_most > 0; record = in->next()) {
    const auto key = (*record)->first;
    if (last.empty() || !same_page(last, key))
      if (!is_found(key) || (!last.empty() && !is_found(last)))
        return damaged("a search passes keys that are there");
    last = key;
    if (key == table_state_key) continue;
    counted_.found.count(key, table_sums::come);
    --at_most;
  }
  if (!record) return std::move(record).error();
  if (!last.empty() && !is_found(last)) return damaged("a search passes keys that are there");
  if (*record) {
    counted_.next = (*record)->first;
    return true;
  }
  counted_.complete = true;
  const auto wrong = differences(counted_.found, state_.sums);
  if (wrong.empty()) return false;
  return damaged(wrong.front());
}

// Waits while the environment is being reopened.
MDB_txn* tables::begin_look(int& code) {
  std::unique_lock lock(mutex_);
  for (;;) {
    turned_.wait(lock, [this] { return !reviving_; });
    if (env_ == nullptr) {
      code = MDB_PANIC;
      return nullptr;
    }
    const auto life = lives_;
    MDB_txn* txn = nullptr;
    if (!idle_.empty()) txn = idle_.back(), idle_.pop_back();
    ++looking_;
    lock.unlock();
    code = txn != nullptr ? mdb_txn_renew(txn) : mdb_txn_begin(env_, nullptr, MDB_RDONLY, &txn);
    if (code == 0) return txn;
    if (txn != nullptr) mdb_txn_abort(txn);
    end_look(nullptr);
    lock.lock();
    if (code != MDB_PANIC) return nullptr;
    // A fold on another thread has just broken the environment and is reopening it.
    turned_.wait(lock, [&] { return lives_ != life || env_ == nullptr; });
  }
}

void tables::end_look(MDB_txn* to_use_again) {
  const std::scoped_lock lock(mutex_);
  if (to_use_again != nullptr) idle_.push_back(to_use_again);
  if (--looking_ == 0 && reviving_) turned_.notify_all();
}

result<tables::reader> tables::look() {
  int code = 0;
  MDB_txn* const txn = begin_look(code);
  if (txn == nullptr) return failed("read", code);
  reader r(*this, txn);
  const auto found = r.get(table_state_key);
  if (!found) return found.error();
  std::uint64_t folded = 0;
  if (!*found || (*found)->size() < checksum_size + 24) return failed("read", MDB_CORRUPTED);
  std::memcpy(&folded, (*found)->data() + checksum_size + 16, sizeof folded);
  r.folded_ = folded;
  return r;
}

tables::reader_list tables::readers() {
  reader_list list;
  mdb_reader_check(env_, &list.gone);
  MDB_envinfo info{};
  mdb_env_info(env_, &info);
  std::pair<reader_list*, std::uint64_t> to{&list, info.me_last_txnid};
  // LMDB's text: a heading, then "PID THREAD TXNID" for each slot, with - for one without a view.
  const auto take = [](const char* line, void* context) {
    const auto& [found, last] = *static_cast<decltype(to)*>(context);
    int process = 0;
    unsigned long long view = 0;
    if (std::sscanf(line, "%d %*x %llu", &process, &view) == 2 && process != ::getpid() &&
        view <= last && (found->process == 0 || last - view > found->behind)) {
      found->process = process;
      found->behind = last - view;
    }
    return 0;
  };
  mdb_reader_list(env_, take, &to);
  return list;
}

tables::reader::reader(reader&& from) noexcept
    : of_(from.of_),
      txn_(std::exchange(from.txn_, nullptr)),
      cursor_(std::exchange(from.cursor_, nullptr)),
      folded_(from.folded_) {}

tables::reader::~reader() {
  if (txn_ == nullptr) return;
  if (cursor_ != nullptr) mdb_cursor_close(cursor_);
  mdb_txn_reset(txn_);
  of_->end_look(txn_);
}

result<std::optional<std::string_view>> tables::reader::get(std::string_view key) {
  const inside_tables here(of_->path_.c_str());
  auto k = as_val(key);
  MDB_val v{};
  const int code = mdb_get(txn_, of_->table_, &k, &v);
  if (code == MDB_NOTFOUND) return std::optional<std::string_view>();
  if (code != 0) return of_->failed("read", code);
  return std::optional(as_view(v));
}

result<std::optional<tables::reader::record>> tables::reader::move(int operation,
                                                                   std::string_view key) {
  const inside_tables here(of_->path_.c_str());
  if (cursor_ == nullptr)
    if (const int code = mdb_cursor_open(txn_, of_->table_, &cursor_); code != 0)
      return of_->failed("read", code);
  auto k = as_val(key);
  MDB_val v{};
  const int code = mdb_cursor_get(cursor_, &k, &v, static_cast<MDB_cursor_op>(operation));
  if (code == MDB_NOTFOUND) return std::optional<record>();
  if (code != 0) return of_->failed("read", code);
  return std::optional(record{as_view(k), as_view(v)});
}

result<std::optional<tables::reader::record>> tables::reader::seek(std::string_view key) {
  return key.empty() ? move(MDB_FIRST, key) : move(MDB_SET_RANGE, key);
}
result<std::optional<tables::reader::record>> tables::reader::next() { return move(MDB_NEXT, {}); }

}  // namespace reprise::persistence::internal
