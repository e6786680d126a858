#include <algorithm>
#include <csignal>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "gateway/json/json_in.hpp"
#include "gateway/server/server.hpp"
#include "tests/gateway/cli/command_line.hpp"
#include "tests/gateway/server/raw_client.hpp"

namespace {

using namespace reprise;
using namespace reprise::gateway_test;
namespace data = boost::unit_test::data;

struct row {
  std::string what;
  strings arguments;
  int code;
  std::string says;  // part of stdout or stderr
};
std::ostream& operator<<(std::ostream& out, const row& r) { return out << r.what; }

const row rows[] = {
    {"help", {"--help"}, 0, "serve"},
    {"help of a command", {"serve", "--help"}, 0, "--ephemeral"},
    {"version", {"--version"}, 0, "reprise 0."},
    {"nothing", {}, 2, "gateway_program: a command is needed"},
    {"unknown command", {"dance"}, 2, "dance"},
    {"unknown option", {"serve", "--dance"}, 2, "--dance"},
    {"no data folder", {"serve"}, 2, "--data FOLDER"},
    {"data and none", {"serve", "--data", "x", "--ephemeral"}, 2, "exclude"},
    {"no port", {"serve", "--ephemeral", "--listen", "localhost"}, 2, "HOST:PORT"},
    {"port too high", {"serve", "--ephemeral", "--listen", "localhost:65536"}, 2, "HOST:PORT"},
    {"open to others", {"serve", "--ephemeral", "--listen", "0.0.0.0:0"}, 2, "--insecure"},
    {"open to others, v6", {"serve", "--ephemeral", "--listen", "[::]:0"}, 2, "--insecure"},
    {"nobody there", {"start", "x", "--server", "http://127.0.0.1:1"}, 9, "is it running?"},
    {"no URL", {"status", "x", "--server", "ftp://x"}, 2, "http://HOST:PORT"},
    {"start of nothing", {"start"}, 2, "name"},
    {"check of nothing", {"store", "check", "/nonexistent-folder"}, 1, "/nonexistent-folder"},
    {"replay of nothing", {"replay", "/nonexistent-folder", "--all"}, 1, "/nonexistent-folder"},
    {"replay of nobody", {"replay", "x"}, 2, "--all"},
    {"replay of one and all", {"replay", "x", "a", "--all"}, 2, "--all"},
    {"dump of nothing", {"store", "dump", "/nonexistent-folder"}, 1, "/nonexistent-folder"},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(program)

BOOST_DATA_TEST_CASE(each_command_line_has_its_exit_code, data::make(rows), one) {
  const auto ended = run(one.arguments);
  BOOST_TEST(ended.code == one.code, ended.out << ended.err);
  BOOST_TEST(contains(ended.out + ended.err, one.says), ended.out << ended.err);
  if (one.code != 0 && one.code != 2) BOOST_TEST(ended.out == "");
}

BOOST_AUTO_TEST_CASE(a_server_prints_its_address_and_ends_on_a_signal) {
  for (const int number : {SIGTERM, SIGINT}) {
    serving s;
    BOOST_TEST(ask(s.port(), "GET", "/readyz").status == 200u);
    s.child.signal(number);
    BOOST_TEST(s.child.end() == 0);
  }
}

// Each would hold the server for half a minute: what they are answered shows that it did not wait.
BOOST_AUTO_TEST_CASE(a_server_ends_although_many_clients_wait) {
  serving s;
  BOOST_TEST(s.client({"start", "approve", "--id", "one"}).code == 0);
  std::vector<std::unique_ptr<raw_client>> waiting;
  for (int i = 0; i < 50; ++i) {
    waiting.push_back(std::make_unique<raw_client>(s.port()));
    waiting.back()->send(
        "GET /v1/instances/one HTTP/1.1\r\nHost: localhost\r\nPrefer: wait=50\r\n\r\n");
  }
  raw_client stream(s.port()), half(s.port());
  half.send(
      "POST /v1/orchestrations/echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n{");
  stream.send("GET /v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n");
  BOOST_TEST(stream.answer().status == 200u);
  s.child.signal(SIGTERM);
  for (const auto& one : waiting)
    BOOST_TEST(one->answer().field("Preference-Applied") == "wait=50");
  BOOST_TEST(half.answer().status == 503u);
  stream.rest();
  BOOST_TEST(s.child.end() == 0);
}

BOOST_AUTO_TEST_CASE(an_acknowledged_start_is_there_after_a_restart) {
  folder f;
  {
    serving s({"--data", f.path + "/d"});
    BOOST_TEST(s.client({"start", "approve", "--id", "one"}).code == 0);
    s.child.signal(SIGTERM);
    BOOST_TEST(s.child.end() == 0);
  }
  {
    serving s({"--data", f.path + "/d"});
    BOOST_TEST(s.client({"raise", "one", "decision", R"({"x":4})"}).code == 0);
    s.child.signal(SIGKILL);
    BOOST_TEST(s.child.end() == 1000 + SIGKILL);
  }
  serving s({"--data", f.path + "/d"});
  const auto ended = run({"start", "echo", "--input", "[1.0]", "--wait", "--server", s.url});
  BOOST_TEST(ended.out == "[1.0]\n");
  const auto status = s.client({"status", "one"});
  BOOST_TEST(contains(status.out, R"("instanceId":"one")"));
}

BOOST_AUTO_TEST_CASE(a_folder_in_use_is_refused) {
  folder f;
  serving s({"--data", f.path});
  const auto second = run({"serve", "--port", "0", "--data", f.path});
  BOOST_TEST(second.code == 1);
  BOOST_TEST(contains(second.err, f.path), second.err);
  BOOST_TEST(second.out == "");
  BOOST_TEST(run({"store", "check", f.path}).code == 1);
  const auto figures = ask(s.port(), "GET", "/metrics").body;
  BOOST_TEST(contains(figures, "\nreprise_store_bytes "), figures);
}

BOOST_AUTO_TEST_CASE(a_folder_of_something_else_is_refused) {
  folder f;
  std::ofstream(f.path + "/notes.txt") << "mine";
  const auto refused = run({"serve", "--port", "0", "--data", f.path});
  BOOST_TEST(refused.code == 1);
  BOOST_TEST(contains(refused.err, f.path), refused.err);
}

BOOST_AUTO_TEST_CASE(a_port_in_use_is_refused) {
  auto taken = gateway::server::open({}, [](gateway::http_request, gateway::reply) {});
  BOOST_TEST_REQUIRE(!!taken);
  const auto refused = run({"serve", "--ephemeral", "--port", std::to_string((*taken)->port())});
  BOOST_TEST(refused.code == 1);
  BOOST_TEST(contains(refused.err, "another program serves there"), refused.err);
}

BOOST_AUTO_TEST_CASE(a_folder_that_was_closed_is_sound_and_can_be_read) {
  folder f;
  {
    serving s({"--data", f.path + "/d"});
    BOOST_TEST(s.client({"start", "echo", "--id", "seen", "--wait"}).code == 0);
    s.child.signal(SIGTERM);
    BOOST_TEST(s.child.end() == 0);
  }
  const auto check = run({"store", "check", f.path + "/d", "-o", "table"});
  BOOST_TEST(check.code == 0, check.out << check.err);
  BOOST_TEST(contains(check.out, ": sound\n"), check.out);
  const auto json = run({"store", "check", f.path + "/d"}).out;
  BOOST_TEST(gateway::json_member(json, "sound") == "true", json);
  BOOST_TEST(contains(json, R"("findings":[])"), json);
  const auto dump = run({"store", "dump", f.path + "/d"});
  BOOST_TEST(dump.code == 0, dump.err);
  BOOST_TEST(contains(dump.out, "seen"));
  std::size_t lines = 0;
  for (std::string_view rest = dump.out; !rest.empty(); ++lines) {
    const auto end = rest.find('\n');
    BOOST_TEST_REQUIRE(end != std::string_view::npos);
    BOOST_TEST(!!gateway::check_json(rest.substr(0, end)), rest.substr(0, end));
    rest.remove_prefix(end + 1);
  }
  BOOST_TEST(lines > 0u);
}

BOOST_AUTO_TEST_CASE(a_replay_compares_instances_with_the_code) {
  folder f;
  {
    serving s({"--data", f.path + "/d"});
    BOOST_TEST(s.client({"start", "approve", "--id", "waits"}).code == 0);
    s.begun("waits");
    BOOST_TEST(s.client({"start", "echo", "--id", "over", "--wait"}).code == 0);
    s.child.signal(SIGTERM);
    BOOST_TEST(s.child.end() == 0);
  }
  const auto one = run({"replay", f.path + "/d", "waits"});
  BOOST_TEST(one.code == 0, one.err);
  BOOST_TEST(one.out == "waits (approve): fits, 3 events, waits for event decision\n");
  BOOST_TEST(run({"replay", f.path + "/d", "over"}).out == "over (echo): fits, 2 events, ended\n");
  const auto all = run({"replay", f.path + "/d", "--all"});
  BOOST_TEST(all.code == 0, all.err);
  BOOST_TEST(all.out == "2 instances, 1 of them ended: all that go on fit\n");
  const auto nobody = run({"replay", f.path + "/d", "nobody"});
  BOOST_TEST(nobody.code == 6);
  BOOST_TEST(contains(nobody.err, "\"nobody\""), nobody.err);

  const auto empty = run_other(REPRISE_BARE_PROGRAM, {"replay", f.path + "/d", "--all"});
  BOOST_TEST(empty.code == 10, empty.out << empty.err);
  BOOST_TEST(contains(empty.out, "no orchestration \"approve\" is bound"), empty.out);
  BOOST_TEST(contains(empty.out, "2 instances, 1 of them ended: 1 do not fit\n"), empty.out);
  BOOST_TEST(contains(empty.out, "1 that have ended do not fit either"), empty.out);
  BOOST_TEST(run_other(REPRISE_BARE_PROGRAM, {"replay", f.path + "/d", "waits"}).code == 10);
}

BOOST_AUTO_TEST_CASE(a_command_that_only_reads_a_folder_refuses_one_in_use_or_not_ours) {
  folder f;
  const auto data = f.path + "/d";
  const serving s({"--data", data});
  for (const strings& look :
       {strings{"replay", data, "--all"}, {"store", "check", data}, {"store", "dump", data}}) {
    const auto used = run(look);
    BOOST_TEST(used.code == 1);
    BOOST_TEST(contains(used.err, "is in use"), used.err);
    BOOST_TEST(contains(used.err, "make a copy of it with `store backup`"), used.err);
    auto elsewhere = look;
    std::replace(elsewhere.begin(), elsewhere.end(), data, f.path);
    const auto foreign = run(elsewhere);
    BOOST_TEST(foreign.code == 1);
    BOOST_TEST(contains(foreign.err, "Name one that a server has served"), foreign.err);
  }
  const auto twice = run({"serve", "--data", data, "--port", "0"});
  BOOST_TEST(contains(twice.err, "or name another folder\n"), twice.err);
  const auto mine = run({"serve", "--data", f.path, "--port", "0"});
  BOOST_TEST(contains(mine.err, "Name an empty or a new folder\n"), mine.err);
}

BOOST_AUTO_TEST_CASE(an_instance_without_code_shows_as_stalled) {
  folder f;
  {
    serving s({"--data", f.path + "/d"});
    BOOST_TEST(s.client({"start", "approve", "--id", "lost"}).code == 0);
    s.child.signal(SIGTERM);
    BOOST_TEST(s.child.end() == 0);
  }
  serving s({"--data", f.path + "/d", "--log-format", "json"}, REPRISE_BARE_PROGRAM);
  const std::string instances = "/runtime/webhooks/durabletask/instances";
  BOOST_TEST(ask(s.port(), "POST", instances + "/lost/resume").status == 202u);  // it is looked at
  const auto one = ask(s.port(), "GET", "/v1/instances/lost").body;
  BOOST_TEST(gateway::json_member(one, "state") == "stalled");
  BOOST_TEST(contains(gateway::json_member(one, "finding"), "\"approve\""), one);
  BOOST_TEST(gateway::json_text(one, "input") == "null");
  BOOST_TEST(contains(ask(s.port(), "GET", "/v1/instances?state=stalled").body, one));
  const auto why = ask(s.port(), "GET", "/v1/instances/lost/why").body;
  BOOST_TEST(contains(why, "code that fits its history"), why);
  const auto listed = ask(s.port(), "GET", instances + "?runtimeStatus=Suspended").body;
  BOOST_TEST(contains(listed, R"("runtimeStatus":"Suspended")"), listed);
  BOOST_TEST(contains(listed, R"("stalled":")"), listed);
  std::string line;
  while (!contains(line, "is stalled")) {
    line = s.child.error_line();
    BOOST_TEST_REQUIRE(line != "");
  }
  BOOST_TEST(gateway::json_member(line, "level") == "warning");
  BOOST_TEST(gateway::json_member(line, "instance") == "lost");
}

BOOST_AUTO_TEST_CASE(the_client_commands_report_each_outcome_by_exit_code_and_output) {
  serving s;
  const auto started = s.client({"start", "approve", "--id", "a b"});
  BOOST_TEST(started.code == 0);
  BOOST_TEST(started.out == "a b\n");
  BOOST_TEST(s.client({"start", "approve", "--id", "a b"}).code == 7);
  BOOST_TEST(s.client({"start", "nothing"}).code == 6);
  const auto waited = s.client({"start", "echo", "--input", R"("x\n")", "--wait"});
  BOOST_TEST(waited.code == 0);
  BOOST_TEST(waited.out == "\"x\\n\"\n");
  const auto doomed = s.client({"start", "doomed", "--input", "\"no luck\"", "--wait"});
  BOOST_TEST(doomed.code == 3);
  BOOST_TEST(contains(doomed.err, "no luck"), doomed.err);
  const auto bad = s.client({"start", "mirror", "--input", R"({"count":-1})"});
  BOOST_TEST(bad.code == 1);
  BOOST_TEST(contains(bad.err, "at /count"), bad.err);
  const auto status = s.client({"status", "a b", "--history"});
  BOOST_TEST(status.code == 0);
  BOOST_TEST(gateway::json_member(status.out, "instanceId") == "a b");
  BOOST_TEST(contains(status.out, "historyEvents"));
  BOOST_TEST(s.client({"status", "nobody"}).code == 6);
  BOOST_TEST(s.client({"raise", "nobody", "decision", "{}"}).code == 6);
  BOOST_TEST(s.client({"raise", "a b", "rain"}).code == 6);
  BOOST_TEST(s.client({"terminate", "a b", "--reason", "50% & more"}).code == 0);
  BOOST_TEST(s.client({"raise", "a b", "decision", "{}"}).code == 7);
  BOOST_TEST(gateway::json_member(s.client({"status", "a b"}).out, "output") == "50% & more");
}

BOOST_AUTO_TEST_SUITE_END()
