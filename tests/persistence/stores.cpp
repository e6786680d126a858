#include "tests/persistence/stores.hpp"

#include <unistd.h>

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "persistence/keys.hpp"

namespace reprise::persistence::testing {

namespace fs = std::filesystem;

temporary_folder::temporary_folder() {
  // In memory where there is room for it: hundreds of stores are opened, and the flushes of a disk
  // are tested by killing the process, not here.
  const char* given = std::getenv("REPRISE_TEST_FOLDER");
  const std::string parent = given ? given : fs::exists("/dev/shm") ? "/dev/shm" : "/tmp";
  path_ = parent + "/reprise-XXXXXX";
  BOOST_TEST_REQUIRE(::mkdtemp(path_.data()) != nullptr);
}

temporary_folder::~temporary_folder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

lmdb_options small(const std::string& folder, fold_mode mode) {
  lmdb_options o;
  o.folder = folder;
  o.fold.mode = mode;
  o.fold.records = 20;
  o.map_bytes = std::size_t{256} << 20;
  o.segment_bytes = std::size_t{1} << 16;
  return o;
}

std::unique_ptr<store> opened(const lmdb_options& o) {
  auto s = open_lmdb_store(o);
  BOOST_TEST_REQUIRE(s.has_value(), s.error().text);
  return std::move(*s);
}

std::ostream& operator<<(std::ostream& out, kind k) {
  static constexpr const char* names[] = {"memory", "by_hand", "every_group", "background",
                                          "by_loaders"};
  return out << names[static_cast<int>(k)];
}

subject::subject(kind k) : kind_(k) { open(); }

void subject::open() {
  switch (kind_) {
    case kind::memory:
      store_ = std::make_unique<memory_store>(memory_);
      break;
    case kind::by_hand:
      store_ = opened(small(folder_.path()));
      break;
    case kind::every_group:
      store_ = opened(small(folder_.path(), fold_mode::every_group));
      break;
    case kind::background:
      store_ = opened(small(folder_.path(), fold_mode::background));
      break;
    case kind::by_loaders: {
      auto o = small(folder_.path());
      o.loads = load_mode::by_loaders;
      store_ = opened(o);
      break;
    }
  }
}

void subject::crash() {
  store_.reset();
  open();
}

void subject::restart() {
  store_->close();
  crash();
}

void subject::fold() {
  if (kind_ != kind::memory) BOOST_TEST_REQUIRE(fold_now(*store_).has_value());
}

void commit(store& s, std::vector<batch> group) {
  const auto done = s.commit(s.durable() + 1, group);
  BOOST_TEST_REQUIRE(done.has_value(), done.error().text);
}

std::string key(std::string_view name) {
  const bool is_key = static_cast<unsigned char>(name.front()) < table_count;
  return is_key ? std::string(name) : keys::meta(name);
}

static std::string name_of(std::string_view key) {
  return keys::read_meta(key).value_or(std::string(key));
}

load_request ask(std::initializer_list<std::string_view> names, std::string_view first,
                 std::string_view last, std::size_t max_entries, std::size_t max_bytes) {
  load_request what;
  for (const auto name : names) what.keys.push_back(key(name));
  if (!first.empty()) what.first = key(first), what.last = key(last);
  what.max_entries = max_entries;
  what.max_bytes = max_bytes;
  return what;
}

std::optional<std::string> get(store& s, std::string_view name) {
  auto answer = s.read(ask({name}));
  BOOST_TEST_REQUIRE(!answer.error.has_value());
  return answer.values.front();
}

record_map all(store& s) {
  record_map found;
  auto what = ask({}, "\x01", "\x02", 7);  // several pages
  for (;;) {
    auto page = s.read(what);
    BOOST_TEST_REQUIRE(!page.error.has_value());
    BOOST_TEST_REQUIRE(page.corrupt.empty());
    for (auto& [k, value] : page.entries) found.emplace(name_of(k), value);
    if (!page.more) return found;
    what.first = page.entries.back().first + '\0';
  }
}

void apply(record_map& to, const batch& b) {
  write_reader in(b.bytes());
  while (const auto one = in.next()) {
    const auto name = name_of(one->key);
    if (one->kind == write_kind::put) to[name] = *verified_value(one->key, one->stored);
    if (one->kind == write_kind::erase) to.erase(name);
    if (one->kind == write_kind::erase_range)
      to.erase(to.lower_bound(name), to.lower_bound(name_of(one->last)));
  }
  BOOST_TEST_REQUIRE(!in.torn());
}

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void write_file(const std::string& path, std::string_view bytes) {
  std::ofstream(path, std::ios::binary)
      .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

std::vector<std::string> segments(const std::string& folder) {
  std::vector<std::string> paths;
  for (const auto& e : fs::directory_iterator(folder + "/log"))
    if (e.path().extension() == ".segment") paths.push_back(e.path().string());
  std::sort(paths.begin(), paths.end());
  return paths;
}

}  // namespace reprise::persistence::testing
