// Which folders are opened, and what a person is told about the others.

#include <array>
#include <boost/test/unit_test.hpp>
#include <cstring>
#include <filesystem>
#include <string>
#include <vector>

#include "persistence/backup.hpp"
#include "persistence/check.hpp"
#include "persistence/dump.hpp"
#include "persistence/folder/folder.hpp"
#include "persistence/lmdb/needs.hpp"
#include "persistence/lmdb/tables.hpp"
#include "persistence/log/segment_log.hpp"
#include "persistence/offline_reader.hpp"
#include "tests/persistence/stores.hpp"

using namespace reprise::persistence;
using namespace reprise::persistence::testing;
namespace fs = std::filesystem;

namespace {

// Opening is refused with this code, in words that name the folder, and changes nothing.
void refused(const std::string& folder, errc code, const std::string& word) {
  const auto list = [&] {
    record_map files;
    if (fs::is_directory(folder))
      for (const auto& e : fs::recursive_directory_iterator(folder))
        if (e.path().filename() != "lock" && e.path().filename() != "lock.mdb")
          files[e.path().string()] = e.is_regular_file() ? read_file(e.path().string()) : "";
    return files;
  };
  const auto before = list();
  const auto s = open_lmdb_store(small(folder));
  BOOST_TEST_REQUIRE(!s.has_value());
  BOOST_TEST_INFO(s.error().text);
  BOOST_TEST((s.error().code == code));
  BOOST_TEST_INFO(s.error().text);
  BOOST_TEST(s.error().text.find(word) != std::string::npos);
  BOOST_TEST(s.error().text.find(folder) != std::string::npos);
  BOOST_TEST((list() == before));
}

void fill(const std::string& folder) {
  auto s = opened(small(folder));
  for (int i = 0; i < 50; ++i)
    commit(*s, {w().put("k" + std::to_string(i), std::string(500, 'x'))});
  s->close();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(folders)

BOOST_AUTO_TEST_CASE(an_absent_or_an_empty_folder_is_made) {
  temporary_folder parent;
  fill(parent / "new");
  fs::create_directory(parent / "empty");
  fill(parent / "empty");
  BOOST_TEST(read_file(parent / "new/format").starts_with("reprise data folder\nformat 1\nid "));
}

BOOST_AUTO_TEST_CASE(a_second_process_is_refused_while_the_first_has_it) {
  temporary_folder folder;
  auto s = opened(small(folder.path()));
  refused(folder.path(), errc::locked, "in use");
  BOOST_TEST((check_folder(folder.path()).error().code == errc::locked));
  BOOST_TEST((dump_folder(folder.path(), [](auto) {}).error().code == errc::locked));
  s.reset();
  opened(small(folder.path()));
}

BOOST_AUTO_TEST_CASE(a_folder_of_something_else_is_left_as_it_is) {
  temporary_folder folder;
  write_file(folder / "photo.jpg", "not ours");
  refused(folder.path(), errc::foreign, "not a data folder");
  BOOST_TEST(!fs::exists(folder / "lock"));
  write_file(folder / "format", "something else\n");
  refused(folder.path(), errc::foreign, "not a data folder");
  refused(folder / "photo.jpg", errc::foreign, "file");
  BOOST_TEST((check_folder(folder.path()).error().code == errc::foreign));
}

BOOST_AUTO_TEST_CASE(a_newer_format_is_refused) {
  temporary_folder folder;
  fill(folder.path());
  auto text = read_file(folder / "format");
  text.replace(text.find("format 1"), 8, "format 2");
  write_file(folder / "format", text);
  refused(folder.path(), errc::newer, "newer");
}

BOOST_AUTO_TEST_CASE(a_need_that_is_not_known_is_refused_from_the_log_and_from_the_tables) {
  for (const bool folded : {false, true}) {
    temporary_folder folder;
    fill(folder / "data");
    {
      auto s = opened(small(folder / "data"));
      commit(*s, {w().put("needs/teleport", "9.9.0").put("needs0", "").put("need", "")});
      if (folded) BOOST_TEST_REQUIRE(fold_now(*s).has_value());
    }
    refused(folder / "data", errc::newer, "teleport (since 9.9.0)");
    BOOST_TEST((check_folder(folder / "data").error().code == errc::newer));
    BOOST_TEST((check_folder(folder / "data", repair::cut).error().code == errc::newer));
    BOOST_TEST((dump_folder(folder / "data", [](auto) {}).error().code == errc::newer));
    BOOST_TEST((offline_reader::open(folder / "data").error().code == errc::newer));
    const auto copied = copy_folder(folder / "data", folder / "copy", copy_for::keeping, {});
    BOOST_TEST((copied.error().code == errc::newer));
    BOOST_TEST(!fs::exists(folder / "copy"));
  }
}

BOOST_AUTO_TEST_CASE(known_needs_are_not_listed_as_unknown) {
  using namespace internal;
  constexpr std::array<std::string_view, 2> known{"tags", "views"};
  const std::vector<need> needs{{"tags", "0.2.0"}, {"view", ""}, {"views", ""}, {"asks", "0.3.0"}};
  BOOST_TEST(unknown_needs(needs, known).value() == "view, asks (since 0.3.0)");
  BOOST_TEST(!unknown_needs({needs.data(), 1}, known).has_value());
  BOOST_TEST(!unknown_needs({}, {}).has_value());
  BOOST_TEST(unknown_needs({needs.data(), 1}, {}).value() == "tags (since 0.2.0)");
}

// The record that says how far the tables go has a sum for each table: programs have more of them with time.
BOOST_AUTO_TEST_CASE(tables_of_a_program_with_fewer_or_more_of_them_are_read) {
  using namespace internal;
  table_state s;
  s.term = 3;
  s.folded = 70;
  s.sums.count(reprise::persistence::keys::meta("clock"), table_sums::come);
  const auto bytes = encode(s);
  const auto with_tables = [&](std::uint64_t count, std::uint64_t keys_of_the_last) {
    auto other = bytes;
    other.resize(5 * 8 + count * 16);
    std::memcpy(other.data() + 4 * 8, &count, 8);
    if (count > table_count) std::memcpy(other.data() + other.size() - 16, &keys_of_the_last, 8);
    return read_table_state(other);
  };
  for (const auto count : {std::uint64_t{2}, std::uint64_t{table_count}, std::uint64_t{40}}) {
    const auto read = with_tables(count, 0);
    BOOST_TEST_REQUIRE(read.has_value());
    BOOST_TEST((read->term == 3 && read->folded == 70 && read->sums == s.sums));
    BOOST_TEST(!read->unknown_tables);
  }
  BOOST_TEST(with_tables(40, 1).value().unknown_tables);
  BOOST_TEST(!read_table_state({}).has_value());
  BOOST_TEST(!read_table_state(bytes.substr(0, bytes.size() - 8)).has_value());
  BOOST_TEST(!read_table_state(bytes.substr(0, bytes.size() - 16)).has_value());
}

BOOST_AUTO_TEST_CASE(network_filesystems_are_known) {
  using internal::is_network_filesystem;
  for (const auto type : {0x6969u, 0xff534d42u, 0xfe534d42u, 0x517bu, 0x01021997u, 0x00c36400u})
    BOOST_TEST(is_network_filesystem(type));
  for (const auto type : {0xef53u, 0x58465342u, 0x9123683eu, 0x01021994u, 0x794c7630u})
    BOOST_TEST(!is_network_filesystem(type));
  // statfs gives some of them sign-extended.
  BOOST_TEST(is_network_filesystem(0xffffffffff534d42u));
}

BOOST_AUTO_TEST_CASE(tables_that_were_cut_or_emptied_or_lost_are_refused) {
  temporary_folder folder;
  fill(folder.path());
  const auto data = folder / "tables/data.mdb";
  const auto bytes = read_file(data);
  fs::resize_file(data, bytes.size() / 2);
  refused(folder.path(), errc::corrupt, "data.mdb");
  fs::resize_file(data, 0);
  refused(folder.path(), errc::corrupt, "data.mdb");
  write_file(data, bytes);
  opened(small(folder.path()));
  fs::rename(folder / "tables", folder / "elsewhere");
  refused(folder.path(), errc::corrupt, "tables");
}

BOOST_AUTO_TEST_CASE(a_lost_log_is_refused_also_when_the_tables_are_whole) {
  temporary_folder folder;
  fill(folder.path());
  for (const auto& s : segments(folder.path())) fs::remove(s);
  refused(folder.path(), errc::corrupt, "log");
  fs::remove(folder.path() + "/log");
  refused(folder.path(), errc::corrupt, "log is missing, but there is ");
}

BOOST_AUTO_TEST_CASE(an_interrupted_first_opening_is_done_again) {
  // What each of its steps leaves.
  for (int steps = 0; steps < 5; ++steps) {
    temporary_folder folder;
    fill(folder / "whole");
    fs::create_directory(folder / "half");
    write_file(folder / "half/lock", "");
    write_file(folder / "half/format.new", "reprise da");
    if (steps > 0) fs::copy_file(folder / "whole/format", folder / "half/format");
    if (steps > 1) fs::create_directory(folder / "half/log");
    if (steps == 4) {
      const auto text = read_file(folder / "half/format");
      const auto id = std::stoull(text.substr(text.find("id ") + 3), nullptr, 16);
      BOOST_TEST_REQUIRE(
          internal::segment_log::create({folder / "half/log", id, 1 << 16}).has_value());
    } else if (steps > 1) {
      write_file(folder / "half/log/000001.segment.new", std::string(1000, '\0'));
    }
    if (steps > 2) {
      fs::create_directory(folder / "half/tables.new");
      write_file(folder / "half/tables.new/data.mdb", "torn");
    }
    fill(folder / "half");
    BOOST_TEST(check_folder(folder / "half").value().findings.empty());
  }
}

BOOST_AUTO_TEST_SUITE_END()
