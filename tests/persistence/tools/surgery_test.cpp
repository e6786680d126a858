// Bytes changed in the files of a folder that is closed: named or refused, never a wrong answer.

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <functional>
#include <string>

#include "persistence/batch.hpp"
#include "persistence/check.hpp"
#include "persistence/damage.hpp"
#include "persistence/keys.hpp"
#include "persistence/tools/offline.hpp"
#include "tests/persistence/stores.hpp"

using namespace reprise::persistence;
using namespace reprise::persistence::testing;
namespace fs = std::filesystem;

namespace {

std::string value_of(int i) { return "value-" + std::to_string(i) + std::string(60, 'v'); }

void fill(const std::string& folder) {
  auto s = opened(small(folder));
  commit(*s, {w().put(keys::actor("t", "k"), value_of(0))});  // whose entries they are
  for (int i = 0; i < 40; ++i)
    commit(*s,
           {w().put(keys::entry("t", "k", "lines", "entry-" + std::to_string(i)), value_of(i))});
  s->close();
}

void flip(const std::string& path, std::size_t at, char with = 0x10) {
  auto bytes = read_file(path);
  bytes[at] = static_cast<char>(bytes[at] ^ with);
  write_file(path, bytes);
}

// LMDB ends the process at some damage of its pages, so it is looked at in a child.
int in_child(const std::function<int()>& script) {
  const auto child = ::fork();
  if (child == 0) {
    if (::freopen("/dev/null", "w", stderr) == nullptr) ::_exit(99);
    for (const int s : {SIGABRT, SIGSEGV, SIGBUS}) ::signal(s, SIG_DFL);
    ::alarm(20);
    ::_exit(script());
  }
  int status = 0;
  BOOST_TEST_REQUIRE(::waitpid(child, &status, 0) == child);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(surgery)

BOOST_AUTO_TEST_CASE(a_damaged_value_in_the_tables_is_named_and_the_rest_is_served) {
  temporary_folder folder;
  fill(folder.path());
  const auto data = folder / "tables/data.mdb";
  const auto bytes = read_file(data);
  // LMDB leaves old copies in pages that it split.
  const auto copy = value_of(17);
  BOOST_TEST_REQUIRE(bytes.find(copy) != std::string::npos);
  for (auto at = bytes.find(copy); at != std::string::npos; at = bytes.find(copy, at + 1))
    flip(data, at + 3);
  {
    auto s = opened(small(folder.path()));
    const auto damaged = keys::entry("t", "k", "lines", "entry-17");
    const auto range = keys::entries_of("t", "k");
    const auto answer =
        s->read({{damaged, keys::entry("t", "k", "lines", "entry-18")}, range.first, range.second});
    BOOST_TEST(!answer.error.has_value());
    BOOST_TEST(!answer.values[0].has_value());
    BOOST_TEST(answer.values[1].value() == value_of(18));
    BOOST_TEST(answer.entries.size() == 39u);
    BOOST_TEST_REQUIRE(answer.corrupt.size() == 2u);  // as a key and in the page
    BOOST_TEST(answer.corrupt[0] == damaged);
    BOOST_TEST(answer.corrupt[1] == damaged);
    // Writing it again heals it.
    commit(*s, {w().put(damaged, "new")});
    BOOST_TEST_REQUIRE(fold_now(*s).has_value());
    BOOST_TEST(get(*s, damaged).value() == "new");
    s->close();
  }
  const auto report = check_folder(folder.path());
  BOOST_TEST_REQUIRE(report.has_value());
  for (const auto& f : report->findings)
    BOOST_TEST(f.find("is no record of its table") != std::string::npos);  // values of this test
}

// One bit of every 61st byte of the data file, one at a time: when the check finds nothing, everything is as it
// was.
BOOST_AUTO_TEST_CASE(a_folder_that_the_check_calls_sound_holds_what_was_written) {
  temporary_folder folder;
  fill(folder.path());
  const auto data = folder / "tables/data.mdb";
  const auto bytes = read_file(data);
  const auto look = [&] {
    const auto off = internal::open_offline(folder.path());
    if (!off) return 2;
    const auto shown = [&] {
      record_map all;
      const auto walked =
          internal::each_record(**off, [&](std::string_view key, std::string_view stored) {
            if (const auto v = verified_value(key, stored)) all[std::string(key)] = *v;
          });
      if (!walked) all.clear();
      return all;
    }();
    bool right = shown.size() == 41;
    for (int i = 0; right && i < 40; ++i) {
      const auto found = shown.find(keys::entry("t", "k", "lines", "entry-" + std::to_string(i)));
      right = found != shown.end() && found->second == value_of(i);
    }
    return right ? 0 : 1;
  };
  const auto findings = [&] {
    const auto report = check_folder(folder.path());
    if (!report) return 2;
    for (const auto& f : report->findings)
      if (f.find("is no record of its table") == std::string::npos) return 3;
    return 0;
  };
  BOOST_TEST_REQUIRE(in_child(look) == 0);
  BOOST_TEST_REQUIRE(in_child(findings) == 0);
  int wrong = 0, found = 0, harmless = 0, died = 0, silent = 0;
  for (std::size_t at = 0; at < bytes.size(); at += 61) {
    flip(data, at, static_cast<char>(1 << at % 8));
    const int seen = in_child(look), said = in_child(findings);
    died += said > 128;
    found += said == 2 || said == 3;
    if (said == 0) ++(seen == 0 ? harmless : silent);
    wrong += seen == 1;
    write_file(data, bytes);
  }
  std::printf(
      "surgery: %d found, %d in bytes that nobody reads, %d end the process, %d damage a record\n",
      found, harmless, died, wrong);
  BOOST_TEST(silent == 0);
  BOOST_TEST(found > 0);
}

// Where the records of each leaf page begin: LMDB takes what stands there for what it needs, flags of
// databases that we never make among them.
BOOST_AUTO_TEST_CASE(a_page_that_leads_astray_never_ends_in_a_signal) {
  constexpr std::size_t page = 4096, header = 16, leaf = 2;
  temporary_folder folder;
  fill(folder.path());
  const auto data = folder / "tables/data.mdb";
  const auto bytes = read_file(data);
  const auto number = [&](std::size_t at) {
    return static_cast<unsigned char>(bytes[at]) + 256u * static_cast<unsigned char>(bytes[at + 1]);
  };
  const auto open_and_read = [&] {
    struct sigaction action {};
    action.sa_sigaction = [](int signal, siginfo_t* what, void*) {
      end_if_in_tables(what->si_addr);
      ::signal(signal, SIG_DFL);
    };
    action.sa_flags = SA_SIGINFO;
    for (const int s : {SIGSEGV, SIGBUS}) ::sigaction(s, &action, nullptr);
    const auto s = open_lmdb_store(small(folder.path()));
    if (!s) return 1;
    const auto range = keys::entries_of("t", "k");
    return (*s)->read({{}, range.first, range.second}).entries.size() == 40 ? 0 : 2;
  };
  int refused = 0, ended = 0, harmless = 0;
  for (std::size_t at = 2 * page; at < bytes.size(); at += page) {
    if (number(at + 10) != leaf) continue;
    for (std::size_t entry = at + header; entry < at + number(at + 12); entry += 2) {
      flip(data, entry, static_cast<char>(1 << (1 + entry / 2 % 4)));
      const int outcome = in_child(open_and_read);
      BOOST_TEST((outcome == 0 || outcome == 1 || outcome == 70));
      ++(outcome == 0 ? harmless : outcome == 1 ? refused : ended);
      write_file(data, bytes);
    }
  }
  std::printf("pages led astray: %d refused, %d ended with the file named, %d harmless\n", refused,
              ended, harmless);
  BOOST_TEST((refused > 0 && ended > 0));
}

BOOST_AUTO_TEST_CASE(a_flipped_byte_anywhere_in_the_log_is_refused_or_the_torn_end) {
  temporary_folder folder;
  {
    auto s = opened(small(folder.path()));
    for (int i = 0; i < 10; ++i) commit(*s, {w().put("b" + std::to_string(i), value_of(i))});
  }
  const auto path = segments(folder.path()).front();
  const auto bytes = read_file(path);
  const auto end = bytes.find_last_not_of('\0');
  int refused = 0, shorter = 0;
  for (std::size_t at = 0; at <= end; at += 5) {
    flip(path, at);
    const auto s = open_lmdb_store(small(folder.path()));
    if (!s) {
      ++refused;
      BOOST_TEST((s.error().code == errc::corrupt));
      BOOST_TEST(s.error().text.find(path) != std::string::npos);
    } else {
      const auto found = all(**s);
      BOOST_TEST(found.size() >= 9u);
      for (const auto& [key, value] : found)
        BOOST_TEST(value == value_of(std::stoi(key.substr(1))));
      shorter += found.size() == 9u;
    }
    write_file(path, bytes);
  }
  BOOST_TEST(refused > 100);
  BOOST_TEST(shorter > 0);
}

BOOST_AUTO_TEST_SUITE_END()
