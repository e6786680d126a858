// The rules, held against the tree as it is.

#define BOOST_TEST_MODULE tidy
#include <algorithm>
#include <regex>

#include <boost/test/unit_test.hpp>

#include "tests/tidy/rules.hpp"

using namespace reprise::tidy;

namespace {

const std::vector<source>& tree() {
  static const auto all = read_tree({".hpp", ".cpp", ".cu", ".cuh"});
  return all;
}

void require_none(const findings& found) {
  for (const auto& each : found) BOOST_ERROR(each);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(tree_of_sources)

BOOST_AUTO_TEST_CASE(was_found) { BOOST_TEST(tree().size() > 50u); }

BOOST_AUTO_TEST_CASE(includes_along_the_order_of_folders) { require_none(wrong_includes(tree())); }

BOOST_AUTO_TEST_CASE(includes_along_the_order_of_rooms) { require_none(wrong_rooms(tree())); }

BOOST_AUTO_TEST_CASE(keeps_third_parties_behind_its_public_headers) {
  require_none(third_party_leaks(tree()));
}

BOOST_AUTO_TEST_CASE(has_files_and_functions_that_fit) {
  for (const auto& each : tree()) require_none(too_long(each));
}

BOOST_AUTO_TEST_CASE(names_things_and_leaves_nothing_over) {
  for (const auto& each : tree()) require_none(banned_words(each));
}

BOOST_AUTO_TEST_CASE(has_tests_that_do_not_sleep) {
  for (const auto& each : tree()) require_none(sleeping(each));
}

BOOST_AUTO_TEST_CASE(limits_how_long_an_actor_keeps_its_thread) {
  require_none(scheduler_without_throughput_limit(tree()));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(documents)

// All of docs/ and the page of each folder.
BOOST_AUTO_TEST_CASE(quote_the_sources_as_they_are) {
  const auto sources =
      read_tree({".hpp", ".cpp", ".cu", ".cuh", ".capnp", ".cmake", ".txt", ".sh"});
  auto documents = read_tree({".md"});
  BOOST_TEST(documents.size() > 30u);
  documents.push_back(read_source("README.md"));
  for (const auto& each : documents) require_none(quoted_wrongly(each, sources));
}

BOOST_AUTO_TEST_CASE(have_a_page_for_each_folder) {
  for (const char* folder : {"persistence", "actors", "runtime", "gateway", "gateway/calls",
                             "examples", "packaging", "tests"})
    BOOST_TEST(read_source(std::string(folder) + "/README.md").lines.size() >= 10u, folder);
}

// Each cause of a failure has a heading in docs/failures.md, and each heading a cause.
BOOST_AUTO_TEST_CASE(explain_each_cause_of_a_failure) {
  static const std::regex enumerator(R"(^  (\w+) = \d+,.*)");
  static const std::regex heading(R"(^## `(\w+)`.*)");
  const auto collect = [](const source& from, const std::regex& pattern) {
    std::vector<std::string> names;
    std::smatch match;
    for (const auto& line : from.lines)
      if (std::regex_match(line, match, pattern)) names.push_back(match[1]);
    return names;
  };
  const auto causes = collect(read_source("actors/failure.hpp"), enumerator);
  const auto explained = collect(read_source("docs/failures.md"), heading);
  BOOST_TEST_REQUIRE(causes.size() >= 19u);
  BOOST_TEST(causes == explained, boost::test_tools::per_element());
}

// The list of tables in docs/disk-format.md has no hole, and begins with those of the code.
BOOST_AUTO_TEST_CASE(number_the_tables_as_the_code_does) {
  static const std::regex enumerator(R"(^  ([a-z_]+)(?: = 1)?,$)");
  static const std::regex row(R"(^\| (\d+) \| ([a-z_]+)(?:,[^|]*)? \|.*)");
  std::vector<std::string> used{"store"}, listed;
  std::smatch match;
  for (const auto& line : read_source("persistence/keys.hpp").lines)
    if (std::regex_match(line, match, enumerator)) used.push_back(match[1]);
  for (const auto& line : read_source("docs/disk-format.md").lines)
    if (std::regex_match(line, match, row)) {
      if (!listed.empty() && match[2] == listed.back()) continue;  // another key of the same table
      BOOST_TEST(match[1] == std::to_string(listed.size()));
      listed.push_back(match[2]);
    }
  BOOST_TEST_REQUIRE(used.size() >= 14u);
  BOOST_TEST_REQUIRE(listed.size() >= used.size());
  listed.resize(used.size());
  BOOST_TEST(used == listed, boost::test_tools::per_element());
}

// "7 rewound" and the like: no number of an event or of a cause is missing, or has another name there.
BOOST_AUTO_TEST_CASE(number_events_and_causes_as_the_code_does) {
  static const std::regex enumerator(R"(^  (\w+) = (\d+),.*)");
  std::string page;
  for (const auto& line : read_source("docs/disk-format.md").lines) page += line + '\n';
  std::smatch match;
  std::size_t numbers = 0;
  for (const char* file : {"actors/failure.hpp", "actors/orchestration/history.hpp"})
    for (const auto& line : read_source(file).lines)
      if (std::regex_match(line, match, enumerator)) {
        ++numbers;
        const auto listed = ' ' + match[2].str() + ' ' + match[1].str();
        BOOST_TEST(page.find(listed) != std::string::npos, file << " has" << listed);
      }
  BOOST_TEST(numbers >= 43u);
}

BOOST_AUTO_TEST_SUITE_END()
