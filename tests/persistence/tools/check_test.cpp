// What `store check` finds (docs/architecture.md, rule 15).

#include <capnp/message.h>
#include <capnp/serialize.h>
#include <lmdb.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>

#include "persistence/batch.hpp"
#include "persistence/check.hpp"
#include "persistence/keys.hpp"
#include "persistence/limits.hpp"
#include "persistence/lmdb/tables.hpp"
#include "persistence/records.capnp.h"
#include "tests/persistence/stores.hpp"

using namespace reprise::persistence;
using namespace reprise::persistence::testing;
namespace fs = std::filesystem;

namespace {

template <class Record>
std::string record(const std::function<void(typename Record::Builder)>& fill) {
  capnp::MallocMessageBuilder message;
  fill(message.initRoot<Record>());
  const auto words = capnp::messageToFlatArray(message);
  const auto bytes = words.asBytes();
  return {reinterpret_cast<const char*>(bytes.begin()), bytes.size()};
}

std::string entry(const std::string& text) {
  return record<records::Entry>([&](auto e) {
    e.setValue(capnp::Data::Reader(reinterpret_cast<const kj::byte*>(text.data()), text.size()));
  });
}

// Changes the tables behind the store's back, as damage would.
void tamper(const std::string& folder, const std::function<int(MDB_txn*, MDB_dbi)>& how) {
  MDB_env* env = nullptr;
  MDB_txn* txn = nullptr;
  MDB_dbi table = 0;
  BOOST_TEST_REQUIRE(mdb_env_create(&env) == 0);
  BOOST_TEST_REQUIRE(mdb_env_open(env, (folder + "/tables").c_str(), 0, 0644) == 0);
  BOOST_TEST_REQUIRE(mdb_txn_begin(env, nullptr, 0, &txn) == 0);
  BOOST_TEST_REQUIRE(mdb_dbi_open(txn, nullptr, 0, &table) == 0);
  BOOST_TEST_REQUIRE(how(txn, table) == 0);
  BOOST_TEST_REQUIRE(mdb_txn_commit(txn) == 0);
  mdb_env_close(env);
}

MDB_val val(const std::string& s) { return {s.size(), const_cast<char*>(s.data())}; }

std::string only_finding(const std::string& folder) {
  const auto report = check_folder(folder);
  BOOST_TEST_REQUIRE(report.has_value());
  BOOST_TEST_REQUIRE(report->findings.size() == 1u);
  return report->findings.front();
}

bool says(const std::string& text, std::initializer_list<const char*> words) {
  for (const auto* word : words)
    if (text.find(word) == std::string::npos) {
      BOOST_TEST_ERROR(text << " lacks " << word);
      return false;
    }
  return true;
}

// Entries have an actor.
const std::string actor_key = keys::actor("stock", "tea");
std::string actor() {
  return record<records::Actor>([](auto) {});
}
std::string entry_key(int i) { return keys::entry("stock", "tea", "lines", std::to_string(i)); }

void fill(const std::string& folder) {
  auto s = opened(small(folder));
  commit(*s, {w().put(actor_key, actor()).put(entry_key(0), entry("line"))});
  for (int i = 1; i < 30; ++i) commit(*s, {w().put(entry_key(i), entry("line"))});
  s->close();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(check)

BOOST_AUTO_TEST_CASE(a_sound_folder_has_no_findings_and_is_not_changed) {
  temporary_folder folder;
  fill(folder.path());
  {
    auto s = opened(small(folder.path()));
    commit(*s, {w().put(entry_key(99), entry("above"))});  // in the log only
  }
  const auto contents = [&] {
    record_map files;
    for (const auto& e : fs::recursive_directory_iterator(folder.path()))
      if (e.is_regular_file()) files[e.path().string()] = read_file(e.path().string());
    return files;
  };
  const auto before = contents();
  int lines = 0;
  const auto report = check_folder(folder.path(), repair::nothing, [&](auto) { ++lines; });
  BOOST_TEST_REQUIRE(report.has_value());
  BOOST_TEST((report->findings.empty() && lines == 0));
  BOOST_TEST(report->records == 31u);
  BOOST_TEST(report->transitions == 1u);
  BOOST_TEST(report->last == 31u);
  BOOST_TEST((contents() == before));
}

BOOST_AUTO_TEST_CASE(the_check_reports_its_progress) {
  temporary_folder folder;
  {
    auto s = opened(small(folder.path()));
    for (int i = 0; i < 5; ++i) {
      auto many = w();
      for (int n = 0; n < 500; ++n) many.put(entry_key(i * 500 + n), entry("line"));
      commit(*s, {many});
    }
    s->close();
  }
  std::vector<std::uint64_t> told;
  std::uint64_t last_all = 0;
  const auto report =
      check_folder(folder.path(), repair::nothing, {}, [&](std::uint64_t done, std::uint64_t all) {
        told.push_back(done);
        last_all = all;
      });
  BOOST_TEST_REQUIRE(report.has_value());
  BOOST_TEST(told == (std::vector<std::uint64_t>{1000, 2000, 2500}),
             boost::test_tools::per_element());
  BOOST_TEST(last_all == 2500u);
}

BOOST_AUTO_TEST_CASE(a_vanished_table_entry_is_found_by_the_sums) {
  temporary_folder folder;
  fill(folder.path());
  tamper(folder.path(), [](MDB_txn* txn, MDB_dbi table) {
    const auto bytes = entry_key(7);
    auto k = val(bytes);
    return mdb_del(txn, table, &k, nullptr);
  });
  BOOST_TEST(says(only_finding(folder.path()), {"data.mdb", "entries", "29", "30", "vanished"}));
  const auto refused = open_lmdb_store(small(folder.path()));
  BOOST_TEST_REQUIRE(!refused.has_value());
  BOOST_TEST((refused.error().code == errc::corrupt));
  BOOST_TEST(says(refused.error().text, {"data.mdb", "entries", "29", "30", "restore"}));
}

lmdb_options large_one(const std::string& folder) {
  lmdb_options o;
  o.folder = folder;
  return o;
}

// A key of a page that leads to others: all records are there, in their order, with their checksums.
BOOST_AUTO_TEST_CASE(a_record_that_a_search_passes_is_found) {
  temporary_folder folder;
  {
    auto s = opened(large_one(folder.path()));
    batch many;
    many.put(actor_key, actor());
    for (int i = 0; i < 1'000; ++i) many.put(entry_key(i), entry("x"));
    BOOST_TEST_REQUIRE(s->commit(s->durable() + 1, {&many, 1}).has_value());
    s->close();
  }
  BOOST_TEST(check_folder(folder.path())->findings.empty());
  const auto path = folder.path() + "/tables/data.mdb";
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  std::string bytes(fs::file_size(path), '\0');
  file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  constexpr std::size_t page = 4096, leads_to_others = 1, head = 16, node_head = 8;
  const auto number = [&](std::size_t at) {
    std::uint16_t n = 0;
    std::memcpy(&n, &bytes[at], sizeof n);
    return std::size_t{n};
  };
  for (std::size_t at = 2 * page; at + page <= bytes.size(); at += page) {
    if (number(at + 10) != leads_to_others) continue;
    const auto second = at + number(at + head + 2);  // the first has no key
    bytes[second + node_head + number(second + 6) - 1] ^= 1;
  }
  file.seekp(0);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  file.close();
  const auto report = check_folder(folder.path());
  BOOST_TEST_REQUIRE((report.has_value() && !report->findings.empty()));
  BOOST_TEST(says(report->findings.front(), {"data.mdb", "a search does not find it"}));
  const auto refused = open_lmdb_store(large_one(folder.path()));
  BOOST_TEST_REQUIRE(!refused.has_value());
  BOOST_TEST((refused.error().code == errc::corrupt));
  BOOST_TEST(says(refused.error().text, {"data.mdb", "a search passes keys", "restore"}));
}

// More keys than an open counts: the tables are served until the count has come to the end.
BOOST_AUTO_TEST_CASE(a_vanished_entry_behind_many_ends_the_process_with_the_file_named) {
  temporary_folder folder;
  {
    auto s = opened(large_one(folder.path()));
    for (std::size_t i = 0; i <= reprise::limits::keys_counted_at_open;) {
      batch many;
      for (int n = 0; n < 10'000; ++n) many.put(entry_key(static_cast<int>(i++)), "x");
      BOOST_TEST_REQUIRE(s->commit(s->durable() + 1, {&many, 1}).has_value());
    }
    s->close();
  }
  tamper(folder.path(), [](MDB_txn* txn, MDB_dbi table) {
    const auto bytes = entry_key(99'999);
    auto k = val(bytes);
    return mdb_del(txn, table, &k, nullptr);
  });
  const auto said = folder / "said";
  const auto child = ::fork();
  if (child == 0) {
    if (std::freopen(said.c_str(), "w", stderr) == nullptr) ::_exit(99);
    ::alarm(60);
    const auto served = open_lmdb_store(large_one(folder.path()));
    for (;;) ::pause();
  }
  int status = 0;
  BOOST_TEST_REQUIRE(::waitpid(child, &status, 0) == child);
  BOOST_TEST_REQUIRE(WIFEXITED(status));
  BOOST_TEST(WEXITSTATUS(status) == 70);
  BOOST_TEST(says(read_file(said), {"data.mdb", "entries", "vanished", "store check"}));
}

BOOST_AUTO_TEST_CASE(an_entry_that_nobody_wrote_is_found) {
  temporary_folder folder;
  fill(folder.path());
  tamper(folder.path(), [](MDB_txn* txn, MDB_dbi table) {
    const auto bytes = entry_key(77), stored = stored_value(bytes, entry("odd"));
    auto k = val(bytes), v = val(stored);
    return mdb_put(txn, table, &k, &v, 0);
  });
  BOOST_TEST(says(only_finding(folder.path()), {"entries", "31", "never written"}));
  tamper(folder.path(), [](MDB_txn* txn, MDB_dbi table) {
    const auto bytes = entry_key(8);
    auto k = val(bytes);
    return mdb_del(txn, table, &k, nullptr);
  });
  BOOST_TEST(says(only_finding(folder.path()), {"entries", "30", "not the same"}));
}

BOOST_AUTO_TEST_CASE(tables_of_a_newer_program_are_left_to_it) {
  temporary_folder folder;
  fill(folder.path());
  const std::string state_key(internal::table_state_key);
  tamper(folder.path(), [&](MDB_txn* txn, MDB_dbi table) {
    auto key = val(state_key);
    MDB_val old{};
    if (const int code = mdb_get(txn, table, &key, &old); code != 0) return code;
    const std::string_view stored(static_cast<const char*>(old.mv_data), old.mv_size);
    std::string state(verified_value(state_key, stored).value());
    const std::uint64_t count = table_count + 1, keys_and_sum[2] = {1, 77};
    std::memcpy(state.data() + 4 * 8, &count, 8);
    state.append(reinterpret_cast<const char*>(keys_and_sum), sizeof keys_and_sum);
    const auto newer = stored_value(state_key, state);
    auto value = val(newer);
    return mdb_put(txn, table, &key, &value, 0);
  });
  BOOST_TEST((check_folder(folder.path()).error().code == errc::newer));
  const auto s = open_lmdb_store(small(folder.path()));
  BOOST_TEST_REQUIRE(!s.has_value());
  BOOST_TEST((s.error().code == errc::newer));
}

BOOST_AUTO_TEST_CASE(a_damaged_value_and_an_unknown_key_are_named) {
  temporary_folder folder;
  fill(folder.path());
  tamper(folder.path(), [](MDB_txn* txn, MDB_dbi table) {
    const auto bytes = entry_key(7);
    auto k = val(bytes);
    auto stored = stored_value(bytes, entry("line"));
    stored.back() = 'X';
    auto v = val(stored);
    return mdb_put(txn, table, &k, &v, 0);
  });
  BOOST_TEST(says(
      only_finding(folder.path()),
      {"data.mdb", R"({"type":"stock","key":"tea","table":"lines","entry":"7"})", "checksum"}));
  fs::remove_all(folder.path());
  {
    auto s = opened(small(folder.path()));
    commit(*s, {w().put(std::string("\x06no message", 11), "x")});
    s->close();
  }
  BOOST_TEST(says(only_finding(folder.path()), {"not known"}));
}

BOOST_AUTO_TEST_CASE(a_history_shorter_than_its_header_says_is_found) {
  temporary_folder folder;
  const auto header = record<records::Instance>([](auto i) {
    i.setEvents(3);
    i.getGeneration().setTerm(1);
    i.getGeneration().setPosition(1);
  });
  const auto events = [](unsigned n) {
    return record<records::Events>([&](auto e) { e.initEvents(n); });
  };
  {
    auto s = opened(small(folder.path()));
    commit(*s, {w().put(keys::instance("order-7"), header)
                    .put(keys::event("order-7", 1, 1, 0), events(2))
                    .put(keys::event("order-7", 1, 1, 2), events(1))});
    s->close();
  }
  BOOST_TEST(check_folder(folder.path()).value().findings.empty());
  {
    auto s = opened(small(folder.path()));
    commit(*s, {w().erase(keys::event("order-7", 1, 1, 2))});
  }
  BOOST_TEST(says(only_finding(folder.path()), {"order-7", "counts 3", "has 2"}));
}

BOOST_AUTO_TEST_CASE(a_history_that_no_instance_owns_is_found) {
  temporary_folder folder;
  const auto header = record<records::Instance>([](auto i) {
    i.setEvents(1);
    i.getGeneration().setTerm(1);
    i.getGeneration().setPosition(9);
  });
  const auto one = record<records::Events>([](auto e) { e.initEvents(1); });
  {
    auto s = opened(small(folder.path()));
    commit(*s, {w().put(keys::instance("order-7"), header)
                    .put(keys::event("order-7", 1, 9, 0), one)
                    .put(keys::event("order-7", 1, 1, 0), one)});  // of the run before this one
    s->close();
  }
  BOOST_TEST(says(only_finding(folder.path()), {"order-7", "1.1", "no instance owns"}));
  {
    auto s = opened(small(folder.path()));
    commit(*s,
           {w().erase(keys::event("order-7", 1, 1, 0)).put(keys::event("order-6", 1, 2, 0), one)});
  }
  BOOST_TEST(says(only_finding(folder.path()), {"order-6", "no instance owns"}));
}

// Of an id without an instance, of a generation that is over, of an actor that is not there; one of each is
// owned, and is no finding.
BOOST_AUTO_TEST_CASE(requests_visits_and_entries_that_nobody_owns_are_found) {
  temporary_folder folder;
  const auto header = record<records::Instance>([](auto i) {
    i.setEvents(1);
    i.getGeneration().setTerm(1);
    i.getGeneration().setPosition(9);
  });
  const auto one = record<records::Events>([](auto e) { e.initEvents(1); });
  const auto request = record<records::Request>([](auto) {});
  {
    auto s = opened(small(folder.path()));
    commit(*s, {w().put(keys::instance("order-7"), header)
                    .put(keys::event("order-7", 1, 9, 0), one)
                    .put(keys::request("order-7", 1, 9, 1), request)
                    .put(keys::resend("order-7"), "")
                    .put(actor_key, actor())
                    .put(entry_key(1), entry("line"))});
    s->close();
  }
  BOOST_TEST(check_folder(folder.path()).value().findings.empty());
  const std::pair<std::vector<std::pair<std::string, std::string>>, std::vector<const char*>>
      table[] = {
          {{{keys::request("order-7", 1, 1, 4), request},
            {keys::request("order-7", 1, 1, 5), request}},
           {"request", "order-7", "1.1", "no instance owns"}},
          {{{keys::request("order-6", 1, 9, 1), request}},
           {"request", "order-6", "no instance owns"}},
          {{{keys::resend("order-6"), ""}}, {"resend", "order-6", "no instance owns"}},
          {{{keys::entry("stock", "milk", "lines", "1"), entry("line")},
            {keys::entry("stock", "milk", "totals", "1"), entry("line")}},
           {"entries", "stock/milk", "no actor owns"}},
      };
  for (const auto& [lone, words] : table) {
    auto put = w(), erase = w();
    for (const auto& [key, value] : lone) {
      put.put(key, value);
      erase.erase(key);
    }
    {
      auto s = opened(small(folder.path()));
      commit(*s, {put});
    }
    const auto said = only_finding(folder.path());
    for (const auto* word : words) BOOST_TEST(says(said, {word}));
    auto s = opened(small(folder.path()));
    commit(*s, {erase});
    s->close();
  }
  BOOST_TEST(check_folder(folder.path()).value().findings.empty());
}

BOOST_AUTO_TEST_CASE(a_log_that_was_lost_can_be_begun_again_and_no_term_comes_back) {
  temporary_folder folder;
  fill(folder.path());
  term before = 0;
  {
    auto s = opened(small(folder.path()));
    before = s->term();
    s->close();
  }
  for (const auto& s : segments(folder.path())) fs::remove(s);
  BOOST_TEST(!check_folder(folder.path()).value().findings.empty());
  BOOST_TEST(!open_lmdb_store(small(folder.path())).has_value());
  BOOST_TEST(check_folder(folder.path(), repair::cut).value().findings.empty());
  auto s = opened(small(folder.path()));
  BOOST_TEST(s->durable() == 30u);
  static_cast<void>(before);
  commit(*s, {w().put(entry_key(31), entry("new"))});
  s->close();
  s.reset();
  BOOST_TEST(check_folder(folder.path()).value().findings.empty());
}

BOOST_AUTO_TEST_SUITE_END()
