// `serve --module`: the bare program with an application that it does not know.

#include <csignal>
#include <string>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "gateway/json/json_in.hpp"
#include "tests/gateway/cli/command_line.hpp"
#include "tests/gateway/server/raw_client.hpp"

namespace {

using namespace reprise::gateway;
using namespace reprise::gateway_test;
namespace data = boost::unit_test::data;

struct row {
  std::string file, says;
};
std::ostream& operator<<(std::ostream& out, const row& r) { return out << r.says; }

const row refused[] = {
    {"/nonexistent.so", "cannot be loaded: "},
    {REPRISE_BARE_PROGRAM, "cannot be loaded: "},
    {REPRISE_STRANGER_MODULE, "is none of Reprise: REPRISE_MODULE"},
    {REPRISE_FOREIGN_MODULE, "was built for \"reprise 0.0.1\", and this program is \"reprise "},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(modules)

BOOST_AUTO_TEST_CASE(a_module_is_served_and_its_instances_survive_a_restart) {
  const folder data_folder;
  const strings arguments{"--data", data_folder.path, "--module", REPRISE_GREETER_MODULE};
  {
    serving s(arguments, REPRISE_BARE_PROGRAM);
    const auto welcomed = ask(s.port(), "POST", "/v1/orchestrations/welcome?id=w", "\"Ann\"",
                              "Content-Type: application/json\r\nPrefer: wait=60\r\n");
    BOOST_TEST(json_member(welcomed.body, "output") == "Hello Ann!", welcomed.body);
    const auto nobody = ask(s.port(), "POST", "/v1/orchestrations/welcome?id=n", "\"\"",
                            "Content-Type: application/json\r\nPrefer: wait=60\r\n");
    BOOST_TEST(json_member(nobody.body, "state") == "failed", nobody.body);
    s.child.signal(SIGTERM);
    BOOST_TEST(s.child.end() == 0);
  }
  const auto replayed =
      run_other(REPRISE_BARE_PROGRAM,
                {"replay", "--module", REPRISE_GREETER_MODULE, data_folder.path, "--all"});
  BOOST_TEST(replayed.code == 0, replayed.err);
  BOOST_TEST(contains(replayed.out, "2 of them ended: all that go on fit"), replayed.out);
}

BOOST_AUTO_TEST_CASE(a_logged_text_of_a_client_stays_on_its_line_of_the_log) {
  serving s({"--ephemeral", "--module", REPRISE_GREETER_MODULE}, REPRISE_BARE_PROGRAM);
  ask(s.port(), "POST", "/v1/orchestrations/welcome?id=w",
      R"("Ann\nreprise: error: \u001b[2J\u009b1m\u202e\u007f")",
      "Content-Type: application/json\r\nPrefer: wait=60\r\n");
  const std::string escaped = R"(Ann\nreprise: error: \u001b[2J\u009b1m\u202e\u007f)";
  const auto line = s.child.error_line();
  BOOST_TEST(contains(line, "somebody comes: " + escaped), line);
}

BOOST_AUTO_TEST_CASE(a_server_with_nothing_bound_prints_a_warning) {
  serving s({"--ephemeral"}, REPRISE_BARE_PROGRAM);
  const auto line = s.child.error_line();
  BOOST_TEST(contains(line, "reprise: warning: nothing is bound: "), line);
  BOOST_TEST(contains(line, "--module FILE"), line);
}

BOOST_DATA_TEST_CASE(a_file_that_is_no_module_is_refused_with_the_reason, data::make(refused),
                     one) {
  const auto ended =
      run_other(REPRISE_BARE_PROGRAM, {"serve", "--ephemeral", "--module", one.file});
  BOOST_TEST(ended.code == 2, ended.out);
  BOOST_TEST(contains(ended.err, one.file), ended.err);
  BOOST_TEST(contains(ended.err, one.says), ended.err);
}

BOOST_AUTO_TEST_CASE(a_name_that_is_taken_is_refused) {
  const auto ended =
      run_other(REPRISE_BARE_PROGRAM, {"serve", "--ephemeral", "--module", REPRISE_GREETER_MODULE,
                                       "--module", REPRISE_GREETER_MODULE});
  BOOST_TEST(ended.code == 2, ended.out);
  BOOST_TEST(contains(ended.err, "cannot be bound: "), ended.err);
  BOOST_TEST(contains(ended.err, "greet"), ended.err);
}

BOOST_AUTO_TEST_SUITE_END()
