// Every option of every command with values that it cannot take: refused with code 2 and the option's name,
// before anything is asked of anybody.

#include <csignal>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "gateway/json/json_parts.hpp"
#include "tests/gateway/cli/command_line.hpp"
#include "tests/gateway/cli/fake_server.hpp"
#include "tests/gateway/environment_variable.hpp"

namespace {

using namespace reprise::gateway_test;
using reprise::gateway::json_elements;
using reprise::gateway::plain_member;
namespace data = boost::unit_test::data;

struct row {
  std::string what;
  strings arguments;
  std::string says;
};
std::ostream& operator<<(std::ostream& out, const row& r) { return out << r.what; }

strings plus(strings all, const strings& more) {
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

// Each command that takes such a value, whole but for it.
const std::vector<std::pair<strings, std::string>> counts = {
    {{"list"}, "--limit"},
    {{"actor", "list", "stock"}, "--limit"},
    {{"actor", "locks"}, "--limit"},
    {{"deadletter", "list"}, "--limit"},
    {{"get", "x"}, "--timeout"},
    {{"wait", "x"}, "--timeout"},
    {{"start", "echo"}, "--timeout"},
    {{"start", "echo"}, "--version"},
    {{"serve", "--ephemeral"}, "--workers"},
    {{"serve", "--ephemeral"}, "--gateway-threads"},
    {{"serve", "--ephemeral"}, "--port"},
    {{"serve", "--ephemeral"}, "--url-seconds"},
    {{"serve", "--ephemeral"}, "--max-body"},
    {{"serve", "--ephemeral"}, "--max-rate"},
    {{"serve", "--ephemeral"}, "--max-connections"},
};
const strings no_counts = {"-1",
                           "",
                           "010",
                           "-0",
                           "+1",
                           "1.5",
                           "1e3",
                           "0x10",
                           " 1",
                           "many",
                           "18446744073709551616",
                           "99999999999999999999",
                           "NaN"};

const std::vector<std::pair<strings, std::string>> spans = {
    {{"serve", "--ephemeral"}, "--head-seconds"},
    {{"serve", "--ephemeral"}, "--wait-seconds"},
};
const strings no_spans = {"nan", "-1", "86401", "0", "inf", "1e9", "", "soon"};

const std::vector<std::pair<strings, std::string>> times = {
    {{"list"}, "--created-from"},
    {{"list"}, "--created-to"},
    {{"list"}, "--updated-before"},
    {{"purge"}, "--created-from"},
    {{"purge", "--created-from", "2020-01-01"}, "--created-to"},
    {{"start", "echo"}, "--at"},
};
const strings no_times = {"yesterday", "", "2026-13-01", "2026-01-31T25:00", "1e9", "now"};

// A word without a dash is named as the help names it.
const std::vector<std::pair<strings, std::string>> values = {
    {{"start", "echo"}, "--input"},
    {{"raise", "x", "decision"}, "value"},
    {{"actor", "call", "stock", "tea", "put"}, "input"},
    {{"actor", "tell", "stock", "tea", "put"}, "input"},
};
const strings no_values = {"", "{", "{\"a\":}", "nope", "1 2", "{\"a\":1,\"a\":2}", "\xff", "'x'"};

// What must not be empty: an unset variable of a script would mean everything.
const row empty[] = {
    {"start", {"start", ""}, "name"},
    {"start with an id", {"start", "echo", "--id", ""}, "--id"},
    {"start with a key", {"start", "echo", "--idempotency-key", ""}, "--idempotency-key"},
    {"get", {"get", ""}, "id"},
    {"status", {"status", ""}, "id"},
    {"wait", {"wait", ""}, "id"},
    {"history", {"history", ""}, "id"},
    {"why", {"why", ""}, "id"},
    {"raise", {"raise", "", "decision"}, "id"},
    {"raise nothing", {"raise", "x", ""}, "event"},
    {"terminate", {"terminate", ""}, "id"},
    {"suspend", {"suspend", ""}, "id"},
    {"resume", {"resume", ""}, "id"},
    {"rewind", {"rewind", ""}, "id"},
    {"restart", {"restart", ""}, "id"},
    {"restart as nothing", {"restart", "x", "--new-id", ""}, "--new-id"},
    {"purge", {"purge", ""}, "id"},
    {"list of no state", {"list", "--state", ""}, "--state"},
    {"list of no orchestration", {"list", "--orchestration", ""}, "--orchestration"},
    {"purge of no state", {"purge", "--created-from", "2020-01-01", "--state", ""}, "--state"},
    {"actor of no type", {"actor", "get", "", "tea"}, "type"},
    {"actor of no key", {"actor", "get", "stock", ""}, "key"},
    {"no operation", {"actor", "call", "stock", "tea", ""}, "operation"},
    {"tell no operation", {"actor", "tell", "stock", "tea", ""}, "operation"},
    {"unlock no key", {"actor", "unlock", "stock", ""}, "key"},
    {"actors of no type", {"actor", "list", ""}, "type"},
    {"no letter", {"deadletter", "retry", ""}, "id"},
    {"no letter to drop", {"deadletter", "drop", ""}, "id"},
    {"no server", {"get", "x", "--server", ""}, "--server"},
    {"no key file", {"get", "x", "--key-file", ""}, "--key-file"},
    {"no folder to check", {"store", "check", ""}, "folder"},
    {"no folder to replay", {"replay", "", "--all"}, "folder"},
    {"nobody to replay", {"replay", "x", ""}, "id"},
    {"no data to examine", {"doctor", "--data", ""}, "--data"},
};

const row misplaced[] = {
    {"before serve", {"--server", "http://a", "serve", "--ephemeral"}, "--server"},
    {"before a store", {"--timeout", "5", "store", "check", "x"}, "--timeout"},
    {"before a key", {"--key-file", "x", "key", "new", "a", "--scopes", "read"}, "--key-file"},
    {"a certificate alone", {"get", "x", "--cert", "c.pem"}, "--cert-key"},
    {"replay as a picture", {"replay", "x", "--all", "-o", "png"}, "--output"},
};

// All of what is said.
const row misspelt[] = {
    {"no command", {"strat", "ship"}, "there is no command strat; --help lists them"},
    {"a flag as a command", {"version"}, "there is no command version; --help lists them"},
    {"a command before one", {"do", "get", "x"}, "there is no command do; --help lists them"},
    {"no command of a group",
     {"actor", "cal", "stock", "tea"},
     "there is no command actor cal; actor --help lists them"},
    {"no option",
     {"get", "x", "--limti", "5"},
     "there is no option get --limti; get --help lists them"},
    {"no option before it",
     {"--sever", "http://a", "get", "x"},
     "there is no option --sever; --help lists them"},
    {"a word too many",
     {"get", "x", "y", "z"},
     "get takes no further word: y; get --help tells more"},
    {"a word too few", {"actor", "call"}, "type is required; actor call --help tells more"},
    {"none of a set",
     {"get", "x", "-o", "yaml"},
     "--output: yaml not in {table,json,ndjson}; get --help tells more"},
};

void expect_refused(const strings& arguments, const std::string& says) {
  const auto ended = run(arguments);
  std::string line;
  for (const auto& one : arguments) line += one + ' ';
  BOOST_TEST(ended.code == 2, line << ": " << ended.code << ' ' << ended.out << ended.err);
  BOOST_TEST(contains(ended.err, says), line << ": " << ended.err);
  BOOST_TEST(ended.out == "", line);
}

// One option takes none of the values, and none takes the first three.
void expect_all_refused(const std::vector<std::pair<strings, std::string>>& where,
                        const strings& what) {
  for (const auto& [command, option] : where) {
    const bool named = option.starts_with('-');
    const auto count = &option == &where.front().second ? what.size() : 3;
    for (std::size_t i = 0; i < count; ++i)
      expect_refused(named ? plus(command, {option + "=" + what[i]}) : plus(command, {what[i]}),
                     option);
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(usage)

BOOST_AUTO_TEST_CASE(a_count_is_digits_in_its_range) { expect_all_refused(counts, no_counts); }
BOOST_AUTO_TEST_CASE(a_span_is_seconds_in_its_range) { expect_all_refused(spans, no_spans); }
BOOST_AUTO_TEST_CASE(a_time_is_one_of_iso_8601) { expect_all_refused(times, no_times); }
BOOST_AUTO_TEST_CASE(an_input_is_one_json_value) { expect_all_refused(values, no_values); }

BOOST_DATA_TEST_CASE(an_empty_argument_is_refused, data::make(empty), one) {
  expect_refused(one.arguments, one.says);
}
BOOST_DATA_TEST_CASE(a_misplaced_option_is_refused, data::make(misplaced), one) {
  expect_refused(one.arguments, one.says);
}

BOOST_DATA_TEST_CASE(a_misspelt_word_is_named_by_the_program, data::make(misspelt), one) {
  const auto ended = run(one.arguments);
  BOOST_TEST(ended.code == 2);
  BOOST_TEST(ended.err == "gateway_program: " + one.says + '\n');
  BOOST_TEST(ended.out == "");
}

BOOST_AUTO_TEST_CASE(the_server_option_may_stand_before_or_after_the_command) {
  const auto at = [](const strings& arguments) { return run(arguments).err; };
  const std::string first = "http://127.0.0.1:1", second = "http://127.0.0.1:2";
  BOOST_TEST(contains(at({"--server", first, "get", "x"}), first));
  BOOST_TEST(contains(at({"--server", first, "actor", "get", "stock", "tea"}), first));
  BOOST_TEST(contains(at({"get", "x", "--server", second}), second));
  BOOST_TEST(contains(at({"--server", first, "get", "x", "--server", second}), second));
  const environment_variable server("REPRISE_SERVER", "http://127.0.0.1:3");
  BOOST_TEST(contains(at({"get", "x"}), "http://127.0.0.1:3"));
  BOOST_TEST(contains(at({"--server", first, "get", "x"}), first));
  BOOST_TEST(contains(at({"get", "x", "--server", second}), second));
}

BOOST_AUTO_TEST_CASE(a_program_calls_itself_by_its_own_name_in_messages_and_help) {
  const auto down = run({"get", "x", "--server", "http://127.0.0.1:1"});
  BOOST_TEST(down.err.starts_with("gateway_program: "), down.err);
  for (const strings& command : {strings{"get"},
                                 {"serve"},
                                 {"replay"},
                                 {"doctor"},
                                 {"config", "show"},
                                 {"store", "backup"},
                                 {"key", "new"},
                                 {"actor", "call"}}) {
    const auto help = run(plus(command, {"--help"}));
    BOOST_TEST(contains(help.out, "xample: gateway_program "), help.out);
    BOOST_TEST(!contains(help.out, "reprise " + command[0]), help.out);
  }
  BOOST_TEST(contains(run({"serve", "--help"}).out, "(gateway_program key new)"));
  const auto open = run({"serve", "--ephemeral", "--listen", "0.0.0.0:0"});
  BOOST_TEST(contains(open.err, "(`gateway_program key new` makes keys)"), open.err);
  const auto keys = run({"serve", "--ephemeral", "--keys", "/dev/null"});
  BOOST_TEST(contains(keys.err, "`gateway_program key new` gives a key"), keys.err);
  const auto folder = run({"replay", "/nonexistent-folder", "--all"});
  BOOST_TEST(folder.err.starts_with("gateway_program: "), folder.err);
  const auto store = run({"store", "check", "/nonexistent-folder"});
  BOOST_TEST(store.err.starts_with("gateway_program: "), store.err);
}

BOOST_AUTO_TEST_CASE(the_doctor_says_that_no_folder_was_looked_at) {
  const auto ended = run({"doctor", "--server", "http://127.0.0.1:1", "-o", "json"});
  for (const auto& row : json_elements(ended.out)) {
    const auto check = plain_member(row, "check");
    BOOST_TEST(check != "flush");
    if (check != "data folder") continue;
    BOOST_TEST(plain_member(row, "verdict") == "warn");
    BOOST_TEST(plain_member(row, "advice") == "name it: --data FOLDER");
  }
  fake_server stranger("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
  const auto met = run({"doctor", "--server", stranger.url(), "-o", "json"});
  BOOST_TEST(contains(met.out, "is no server of Reprise"), met.out);
}

BOOST_AUTO_TEST_CASE(a_start_says_which_version_when_and_once) {
  fake_server server(
      "HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: 10\r\n"
      "\r\n{\"id\":\"x\"}");
  const auto ended = run({"start", "echo", "--version", "2", "--at", "2030-01-01",
                          "--idempotency-key", "k-1", "--server", server.url()});
  BOOST_TEST(ended.code == 0, ended.err);
  BOOST_TEST(ended.out == "x\n");
  const auto head = server.seen();
  BOOST_TEST(contains(head, "POST /v1/orchestrations/echo?version=2&at=2030-01-01 "), head);
  BOOST_TEST(contains(head, "\r\nIdempotency-Key: k-1\r\n"), head);
}

BOOST_AUTO_TEST_CASE(a_start_at_a_time_waits_for_it_and_the_same_key_starts_once) {
  serving s;
  const strings start{"start", "echo", "--at", "2199-01-01", "--idempotency-key", "k"};
  const auto first = s.client(start), second = s.client(start);
  BOOST_TEST(first.code == 0, first.err);
  BOOST_TEST(first.out == second.out);
  const auto id = first.out.substr(0, first.out.find('\n'));
  BOOST_TEST(plain_member(s.client({"get", id}).out, "state") == "pending");
  BOOST_TEST(s.client({"start", "echo", "--version", "7"}).code == 6);
}

BOOST_AUTO_TEST_CASE(a_cell_of_a_table_is_no_longer_than_a_line_or_two) {
  serving s;
  const auto input = '"' + std::string(50'000, 'x') + '"';
  BOOST_TEST(s.client({"start", "echo", "--id", "long", "--input", input, "--wait"}).code == 0);
  const strings tables[] = {{"get", "long"}, {"status", "long"}, {"history", "long"}, {"list"}};
  for (const auto& one : tables) {
    const auto shown = s.client(plus(one, {"-o", "table"}));
    BOOST_TEST(shown.code == 0, shown.err);
    BOOST_TEST(shown.out.size() < 2'000u, one[0] << ": " << shown.out.size());
  }
  BOOST_TEST(contains(s.client({"get", "long", "-o", "table"}).out, "bytes more: -o json)"));
  BOOST_TEST(s.client({"get", "long", "-o", "json"}).out.size() > 50'000u);
}

BOOST_AUTO_TEST_CASE(a_terminal_that_knows_no_escapes_gets_none) {
  folder f;
  const strings backup{REPRISE_TEST_PROGRAM, "store", "backup", f.path + "/none", f.path + "/to"};
  for (const auto* kind : {"dumb", ""}) {
    const environment_variable terminal("TERM", kind);
    process quiet(backup, process::errors_to::terminal);
    BOOST_TEST(!contains(quiet.err(), "\x1b"));
  }
}

BOOST_AUTO_TEST_CASE(a_replay_can_be_read_by_a_program) {
  folder f;
  const auto data = f.path + "/d";
  {
    serving s({"--data", data});
    BOOST_TEST(s.client({"start", "approve", "--id", "waits"}).code == 0);
    s.begun("waits");
    s.child.signal(SIGTERM);
    BOOST_TEST(s.child.end() == 0);
  }
  const auto one = run({"replay", data, "waits", "-o", "json"});
  BOOST_TEST(one.code == 0, one.err);
  BOOST_TEST(plain_member(one.out, "fits") == "true", one.out);
  BOOST_TEST(plain_member(one.out, "state") == "running");
  BOOST_TEST(contains(one.out, R"("waits_for":["event decision"])"), one.out);
  const auto all = run({"replay", data, "--all", "-o", "json"});
  BOOST_TEST(plain_member(all.out, "instances") == "1", all.out);
  const auto bare = run_other(REPRISE_BARE_PROGRAM, {"replay", data, "--all", "-o", "ndjson"});
  BOOST_TEST(bare.code == 10);
  const auto first =
      bare.out.substr(0, bare.out.find('\n'));  // the folder's own findings come last
  BOOST_TEST(plain_member(first, "code") == "unbound", bare.out);
  BOOST_TEST(plain_member(first, "fits") == "false", bare.out);
}

BOOST_AUTO_TEST_SUITE_END()
