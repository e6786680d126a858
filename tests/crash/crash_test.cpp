// The real server with code that kills it: up at the fourth start, with what killed it set aside and
// nobody else.

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "tests/gateway/process.hpp"

namespace {

using reprise::gateway_test::process;
using strings = std::vector<std::string>;
namespace data = boost::unit_test::data;

struct finished {
  int code;
  std::string out;
};
finished run(strings arguments) {
  arguments.insert(arguments.begin(), REPRISE_TEST_PROGRAM);
  process p(std::move(arguments));
  auto out = p.out();
  return {p.end(), std::move(out)};
}

struct folder {
  folder() {
    std::string name = (std::filesystem::temp_directory_path() / "reprise-crash-XXXXXX").string();
    path = ::mkdtemp(name.data());
  }
  ~folder() { std::filesystem::remove_all(path); }
  std::string data() const { return path + "/d"; }
  std::string path;
};

struct serving {
  explicit serving(const folder& f)
      : child({REPRISE_TEST_PROGRAM, "serve", "--port", "0", "--data", f.data()}) {}
  // Waits until it serves. False: it died before.
  bool is_up() {
    const std::string before = "listening on ";
    for (auto line = child.line(); !line.empty(); line = child.line())
      if (line.starts_with(before)) {
        url = line.substr(before.size());
        return true;
      }
    return false;
  }
  finished ask(strings arguments) const {
    arguments.insert(arguments.end(), {"--server", url});
    return run(std::move(arguments));
  }
  bool start(const std::string& name, const std::string& id, const std::string& input) const {
    return ask({"start", name, "--id", id, "--input", input}).code == 0;
  }
  // Asks until it says so, or nobody answers: then the last answer stands beside the failed check.
  bool shows(const std::string& id, const std::string& word) const {
    finished said{};
    for (int i = 0; i < 3000; ++i) {
      said = ask({"status", id});
      if (said.out.find(word) != std::string::npos) return true;
      if (said.code == nobody_there) break;
    }
    BOOST_TEST_INFO("status " << id << " ended with " << said.code << " and said: " << said.out);
    return false;
  }
  static constexpr int nobody_there = 9;
  int stop() {
    child.signal(SIGTERM);
    return child.end();
  }

  process child;
  std::string url;
};

std::size_t letters(const std::string& dump, const std::string& word) {
  std::size_t found = 0;
  for (std::size_t at = 0; at < dump.size();) {
    const auto end = dump.find('\n', at);
    const auto line = dump.substr(at, end - at);
    if (line.find(R"("table":"dead_letters")") != line.npos && line.find(word) != line.npos)
      ++found;
    at = end == dump.npos ? dump.size() : end + 1;
  }
  return found;
}

struct row {
  std::string where, how;
  int ends;
  std::string shows;   // of the instance, in the end
  std::string letter;  // part of its record
};
std::ostream& operator<<(std::ostream& out, const row& r) { return out << r.where << ' ' << r.how; }

const row rows[] = {
    {"in_activity", "abort", 1000 + SIGABRT, R"("output":"poison")", R"("activity":"blow")"},
    {"in_activity", "fault", 1000 + SIGSEGV, R"("output":"poison")", R"("activity":"blow")"},
    {"in_activity", "overflow", 1000 + SIGSEGV, R"("output":"poison")", R"("activity":"blow")"},
    {"in_activity", "leap", 1000 + SIGSEGV, R"("output":"poison")", R"("activity":"blow")"},
    {"in_activity", "terminate", 1000 + SIGABRT, R"("output":"poison")", R"("activity":"blow")"},
    {"in_activity", "exit", 5, R"("output":"poison")", R"("activity":"blow")"},
    {"in_activity", "quick_exit", 5, R"("output":"poison")", R"("activity":"blow")"},
    {"in_operation", "abort", 1000 + SIGABRT, R"("output":"poison")", R"("operation":"burst")"},
    {"in_orchestrator", "abort", 1000 + SIGABRT, "set aside after it crashed", "instance doomed"},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(crash)

BOOST_DATA_TEST_CASE(code_that_kills_the_server_is_set_aside_at_the_third_crash, data::make(rows),
                     one) {
  folder f;
  for (int death = 0; death < 3; ++death) {
    serving s(f);
    const bool up = s.is_up();
    if (death == 0) {
      BOOST_TEST_REQUIRE(up);
      BOOST_TEST_REQUIRE(s.start("neighbour", "beside", "40"));
      s.start(one.where, "doomed", '"' + one.how + '"');  // it may die before it answers
    }
    BOOST_TEST(s.child.end() == one.ends);
  }
  serving s(f);
  BOOST_TEST_REQUIRE(s.is_up());
  BOOST_TEST(s.shows("doomed", one.shows));
  BOOST_TEST(s.shows("beside", R"("output":40)"));
  BOOST_TEST(s.stop() == 0);
  const auto dump = run({"store", "dump", f.data()});
  BOOST_TEST(letters(dump.out, one.letter) == 1u);
  BOOST_TEST(letters(dump.out, "") == 1u);
  BOOST_TEST(run({"store", "check", f.data()}).code == 0);
}

// A large frame ends its own process in its own thread, and does not write into the stack beside it.
BOOST_AUTO_TEST_CASE(the_guard_of_a_stack_is_wider_than_a_large_frame) {
  folder f;
  serving s(f);
  BOOST_TEST_REQUIRE(s.is_up());
  BOOST_TEST_REQUIRE(s.start("tell_guard", "g", "null"));
  BOOST_TEST(s.shows("g", R"("output":1048576)"));
  BOOST_TEST(s.stop() == 0);
}

// The log's thread dies of what a turn wrote. Whose it was is known when it wrote alone, which who writes
// beside it may delay.
BOOST_AUTO_TEST_CASE(the_instance_whose_turn_kills_the_log_thread_is_found) {
  folder f;
  bool found = false;
  for (int starts = 0; starts < 20 && !found; ++starts) {
    serving s(f);
    const bool up = s.is_up();
    if (starts == 0) {
      BOOST_TEST_REQUIRE(up);
      BOOST_TEST_REQUIRE(s.start("neighbour", "beside", "40"));
      s.start("in_log", "doomed", "\"abort\"");  // it may die before it answers
    }
    found = up && s.shows("doomed", "set aside after it crashed");
    if (!found) {
      BOOST_TEST(s.child.end() == 1000 + SIGABRT);
      continue;
    }
    BOOST_TEST(s.shows("beside", R"("output":40)"));
    BOOST_TEST(s.stop() == 0);
  }
  BOOST_TEST(found);
  const auto dump = run({"store", "dump", f.data()});
  BOOST_TEST(letters(dump.out, "instance doomed") == 1u);
  BOOST_TEST(letters(dump.out, "") == 1u);
}

// A thread that the application made dies: what ran is blamed when it ran alone, which a turn that has just
// ended may delay.
BOOST_AUTO_TEST_CASE(a_crash_on_an_application_thread_is_found_when_nothing_else_runs) {
  folder f;
  bool found = false;
  for (int starts = 0; starts < 20 && !found; ++starts) {
    serving s(f);
    const bool up = s.is_up();
    if (starts == 0) s.start("in_activity", "doomed", "\"thread\"");
    found = up && s.shows("doomed", R"("output":"poison")");
    if (!found) BOOST_TEST_REQUIRE(s.child.end() == 1000 + SIGABRT);
  }
  BOOST_TEST(found);
}

// Beside one that never ends: they go on one after the other, and it is cleared.
BOOST_AUTO_TEST_CASE(a_crash_on_an_application_thread_clears_what_runs_beside_it) {
  folder f;
  int deaths = 0;
  for (bool found = false; !found; ++deaths) {
    BOOST_TEST_REQUIRE(deaths < 10);
    serving s(f);
    const bool up = s.is_up();
    if (deaths == 0) {
      BOOST_TEST_REQUIRE(up);
      BOOST_TEST_REQUIRE(s.start("whole_day", "day", "null"));
      BOOST_TEST_REQUIRE(s.child.line() == "running");
      s.start("in_activity", "doomed", "\"thread\"");
    }
    found = up && s.shows("doomed", R"("output":"poison")");
    if (!found) BOOST_TEST_REQUIRE(s.child.end() == 1000 + SIGABRT);
    if (found) BOOST_TEST(s.shows("day", "Running"));
    if (found) BOOST_TEST(s.stop() == 0);
  }
  BOOST_TEST_MESSAGE(deaths - 1 << " deaths");
  const auto dump = run({"store", "dump", f.data()});
  BOOST_TEST(letters(dump.out, R"("activity":"blow")") == 1u);
  BOOST_TEST(letters(dump.out, "") == 1u);
}

// Waits for the words; CTest's limit ends a watchdog that does not bark.
BOOST_AUTO_TEST_CASE(a_turn_that_hangs_is_named_while_it_hangs) {
  folder f;
  serving s(f);
  BOOST_TEST_REQUIRE(s.is_up());
  BOOST_TEST_REQUIRE(s.start("in_operation", "stuck", "\"hang\""));
  std::string line = "?";
  while (!line.empty() && line.find("a turn of counter/deadly has not ended") == line.npos)
    line = s.child.error_line();
  BOOST_TEST(!line.empty());
}

BOOST_AUTO_TEST_CASE(a_day_long_activity_is_not_blamed_for_ten_times_kill_9) {
  folder f;
  for (int i = 0; i < 10; ++i) {
    serving s(f);
    if (i == 0) {
      BOOST_TEST_REQUIRE(s.is_up());
      BOOST_TEST_REQUIRE(s.start("whole_day", "day", "null"));
    }
    std::string line = "?";
    while (!line.empty() && line != "running") line = s.child.line();
    BOOST_TEST_REQUIRE(line == "running");
    s.child.signal(SIGKILL);
    BOOST_TEST(s.child.end() == 1000 + SIGKILL);
  }
  serving s(f);
  BOOST_TEST_REQUIRE(s.is_up());
  BOOST_TEST(s.shows("day", "Running"));
  s.stop();
  BOOST_TEST(letters(run({"store", "dump", f.data()}).out, "") == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
