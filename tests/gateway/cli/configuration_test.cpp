// Options of serve from the command line, the environment, a file and their defaults; and what is made
// from the tree of commands.

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "gateway/json/json_in.hpp"
#include "gateway/json/json_parts.hpp"
#include "tests/gateway/cli/command_line.hpp"
#include "tests/gateway/environment_variable.hpp"

namespace {

using namespace reprise::gateway_test;
using reprise::gateway::json_member;
namespace data = boost::unit_test::data;

// The row of one option in what `config show --origin` prints.
struct shown {
  std::string value, origin;
};
shown option(const std::string& name, strings arguments) {
  arguments.insert(arguments.begin(), {"config", "show", "--origin", "-o", "json"});
  const auto ended = run(arguments);
  BOOST_TEST(ended.code == 0, ended.err);
  for (const auto& row : reprise::gateway::json_elements(ended.out))
    if (json_member(row, "option") == name)
      return {json_member(row, "value"), json_member(row, "origin")};
  BOOST_ERROR("no option " << name << " in " << ended.out);
  return {};
}

struct row {
  std::string what, text;
  std::string says;  // part of stderr
};
std::ostream& operator<<(std::ostream& out, const row& r) { return out << r.what; }

const row wrong[] = {
    {"unknown key", "workers = 2\nportt = 80\n", " line 2: there is no option `portt`"},
    {"no TOML", "workers = 2\nlisten: x\n", " line 2: "},
    {"a word for a number", "\nworkers = \"many\"\n", " line 2: "},
    {"out of range", "gateway-threads = 500\n", " line 1: "},
    {"a number for a flag", "ephemeral = 1\n", " line 1: `ephemeral` takes true or false"},
    {"a table", "data = \"x\"\n[workers]\na = 1\n", " line 2: `workers` takes"},
    {"a list for one value", "data = [\"x\", \"y\"]\n", " line 1: "},
    {"the file in itself", "config = \"x\"\n", " line 1: there is no option `config`"},
    {"twice", "workers = 1\nworkers = 2\n", " line 2: "},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(configuration)

BOOST_AUTO_TEST_CASE(a_flag_goes_before_the_environment_a_file_and_the_default) {
  folder f;
  const auto file = f.path + "/shop.toml";
  std::ofstream(file) << "# of the shop\nworkers = 3\n";
  const auto is = [](const shown& s, const std::string& value, const std::string& origin) {
    BOOST_TEST(s.value == value);
    BOOST_TEST(s.origin == origin);
  };
  is(option("workers", {}), "0", "default");
  is(option("workers", {"--config", file}), "3", file + " line 2");
  const environment_variable environment("REPRISE_WORKERS", "4");
  is(option("workers", {"--config", file}), "4", "REPRISE_WORKERS");
  is(option("workers", {"--config", file, "--workers", "5"}), "5", "flag");
  const environment_variable config("REPRISE_CONFIG", file.c_str());
  is(option("workers", {}), "4", "REPRISE_WORKERS");
  is(option("ephemeral", {}), "false", "default");
}

// The port alone is a part of --listen, and goes by where it was said like anything else.
BOOST_AUTO_TEST_CASE(a_port_from_a_weaker_place_does_not_change_where_to_listen) {
  folder f;
  const auto file = f.path + "/shop.toml";
  std::ofstream(file) << "port = 1\n";
  BOOST_TEST(option("port", {"--config", file}).value == "1");
  const strings listen{"--config", file, "--listen", "127.0.0.1:0"};
  BOOST_TEST(option("port", listen).value == "");
  {
    const environment_variable environment("REPRISE_PORT", "1");
    BOOST_TEST(option("port", listen).value == "");
    const serving s({"--ephemeral", "--listen", "127.0.0.1:0"});  // port 1 is not for everybody
    BOOST_TEST(s.url != "http://127.0.0.1:1");
  }
  BOOST_TEST(option("port", {"--listen", "127.0.0.1:0", "--port", "2"}).value == "2");
  std::ofstream(file) << "listen = \"127.0.0.1:5\"\nport = 1\n";
  BOOST_TEST(option("port", {"--config", file}).value == "1");
}

BOOST_AUTO_TEST_CASE(a_file_configures_the_server) {
  folder f;
  const auto file = f.path + "/shop.toml";
  std::ofstream(file) << "data = '" << f.path << "/d'\ninsecure = false\nhost = [\"a\", \"b\"]\n";
  {
    serving s({"--config", file});
    BOOST_TEST(s.client({"start", "approve", "--id", "one"}).code == 0);
  }
  serving s({"--data", f.path + "/d"});
  BOOST_TEST(s.client({"get", "one"}).code == 0);
  const auto hosts = option("host", {"--config", file});
  BOOST_TEST(hosts.value == "a, b");
  BOOST_TEST(option("insecure", {"--config", file}).value == "false");
}

BOOST_DATA_TEST_CASE(a_mistake_in_a_configuration_file_is_named_with_its_line, data::make(wrong),
                     one) {
  folder f;
  const auto file = f.path + "/shop.toml";
  std::ofstream(file) << one.text;
  for (const strings& command : {strings{"serve", "--port", "0"}, strings{"config", "show"}}) {
    auto arguments = command;
    arguments.insert(arguments.end(), {"--config", file});
    const auto ended = run(arguments);
    BOOST_TEST(ended.code == 2);
    BOOST_TEST(contains(ended.err, file + one.says), ended.err);
    BOOST_TEST(ended.out == "");
  }
}

BOOST_AUTO_TEST_CASE(a_file_that_is_not_there_and_a_wrong_environment_are_refused) {
  const auto missing = run({"serve", "--config", "/nonexistent.toml"});
  BOOST_TEST(missing.code == 2);
  BOOST_TEST(contains(missing.err, "/nonexistent.toml: "), missing.err);
  const environment_variable environment("REPRISE_WORKERS", "many");
  BOOST_TEST(run({"serve", "--ephemeral"}).code == 2);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(command_tree)

BOOST_AUTO_TEST_CASE(bash_completes_commands_and_options) {
  folder f;
  std::ofstream(f.path + "/script") << run({"completion", "bash"}).out;
  const auto complete = [&f](const std::string& words, const std::string& at) {
    return run_other("/bin/bash", {"-c", "source " + f.path + "/script; COMP_WORDS=(x " + words +
                                             "); COMP_CWORD=" + at +
                                             "; _gateway_program; echo \"${COMPREPLY[*]}\""})
        .out;
  };
  BOOST_TEST(complete("dead", "1") == "deadletter\n");
  BOOST_TEST(complete("deadletter ''", "2") == "list retry drop --help\n");
  BOOST_TEST(complete("serve --eph", "2") == "--ephemeral\n");
  BOOST_TEST(complete("actor list stock --pre", "4") == "--prefix\n");
  BOOST_TEST(contains(complete("list --output", "2"), "--output"));
}

BOOST_AUTO_TEST_CASE(zsh_and_fish_know_every_command) {
  for (const auto* shell : {"zsh", "fish"}) {
    const auto script = run({"completion", shell});
    BOOST_TEST(script.code == 0);
    for (const auto* word : {"gateway_program", "deadletter", "ephemeral", "actor call"})
      BOOST_TEST(contains(script.out, word), shell << " lacks " << word);
  }
  BOOST_TEST(run({"completion", "tcsh"}).code == 2);
}

BOOST_AUTO_TEST_CASE(the_manual_has_every_command_and_code) {
  const auto page = run({"man"});
  BOOST_TEST(page.code == 0);
  for (const auto* part : {".TH gateway_program 1", ".SS actor call\n", ".SS serve\n",
                           "\\fB\\-\\-ephemeral\\fR\n", "REPRISE_DATA", ".TP\n70\n"})
    BOOST_TEST(contains(page.out, part), part);
}

BOOST_AUTO_TEST_CASE(the_doctor_says_what_is_to_be_done) {
  folder f;
  const strings here{"doctor", "--data", f.path + "/d", "--server", "http://127.0.0.1:1"};
  auto as_json = here;
  as_json.insert(as_json.end(), {"--listen", "127.0.0.1:0", "-o", "ndjson"});
  const auto well = run(as_json);
  BOOST_TEST(well.code == 0, well.out << well.err);
  BOOST_TEST(contains(well.out, R"({"check":"data folder","verdict":"ok")"), well.out);
  BOOST_TEST(contains(well.out, R"("check":"server","verdict":"warn")"), well.out);
  BOOST_TEST(!contains(well.out, R"("check":"store")"), well.out);  // there is none yet
  serving s({"--data", f.path + "/d"});
  const auto served = run({"doctor", "--data", f.path + "/d", "--server", s.url, "--listen",
                           s.url.substr(7), "-o", "table"});
  BOOST_TEST(served.code == 0, served.out);
  BOOST_TEST(contains(served.out, s.url + " is ready"), served.out);
  BOOST_TEST(contains(served.out, "fine if it is the server"), served.out);
  BOOST_TEST(contains(served.out, "nobody keeps old pages"), served.out);
  s.child.signal(SIGKILL);
  static_cast<void>(s.child.end());
  std::filesystem::resize_file(f.path + "/d/tables/data.mdb", 4096);
  const auto cut = run(as_json);
  BOOST_TEST(cut.code == 1);
  BOOST_TEST(contains(cut.out, R"({"check":"store","verdict":"fail")"), cut.out);
  const auto ill = run({"doctor", "--data", "/proc/nothing", "--listen", "nowhere", "-o", "json"});
  BOOST_TEST(ill.code == 1);
  BOOST_TEST(contains(ill.out, R"("check":"data folder","verdict":"fail")"), ill.out);
  BOOST_TEST(contains(ill.out, "nowhere is no HOST:PORT"), ill.out);
}

BOOST_AUTO_TEST_SUITE_END()
