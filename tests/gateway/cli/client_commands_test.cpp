// The commands that ask a server, by the real program: what they print in each form, and their codes.

#include <algorithm>
#include <fstream>
#include <string>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "gateway/json/json_in.hpp"
#include "gateway/json/json_parts.hpp"
#include "tests/gateway/cli/command_line.hpp"
#include "tests/gateway/cli/fake_server.hpp"
#include "tests/gateway/server/raw_client.hpp"

namespace {

using namespace reprise::gateway_test;
using reprise::gateway::json_elements;
using reprise::gateway::json_member;
using reprise::gateway::json_text;
namespace data = boost::unit_test::data;

std::size_t lines_of(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

struct row {
  std::string what;
  strings arguments;
  int code;
  std::string says;
};
std::ostream& operator<<(std::ostream& out, const row& r) { return out << r.what; }

const row refused[] = {
    {"get nobody", {"get", "nobody"}, 6, "nobody"},
    {"status of nobody", {"status", "nobody"}, 6, "there is no instance nobody"},
    {"wait for nobody", {"wait", "nobody"}, 6, "there is no instance nobody"},
    {"history of nobody", {"history", "nobody"}, 6, "nobody"},
    {"why nobody", {"why", "nobody"}, 6, "nobody"},
    {"raise for nobody", {"raise", "nobody", "decision", "{}"}, 6, "nobody"},
    {"raise for nobody without a value",
     {"raise", "nobody", "decision"},
     6,
     "there is no instance nobody"},
    {"terminate nobody", {"terminate", "nobody"}, 6, "nobody"},
    {"suspend nobody", {"suspend", "nobody"}, 6, "nobody"},
    {"resume nobody", {"resume", "nobody"}, 6, "nobody"},
    {"rewind nobody", {"rewind", "nobody"}, 6, "nobody"},
    {"restart nobody", {"restart", "nobody"}, 6, "nobody"},
    {"purge nobody", {"purge", "nobody"}, 6, "nobody"},
    {"purge nobody, dry", {"purge", "nobody", "--dry-run"}, 6, "nobody"},
    {"purge of nothing", {"purge"}, 2, "--created-from"},
    {"purge of both", {"purge", "x", "--created-from", "2020-01-01"}, 2, "an instance id, or"},
    {"purge one by state", {"purge", "x", "--state", "failed"}, 2, "not one instance"},
    {"purge what runs",
     {"purge", "--created-from", "2020-01-01", "--state", "failed,running"},
     2,
     "only what has ended"},
    {"purge recursive all",
     {"purge", "--created-from", "2020-01-01", "--recursive"},
     2,
     "--recursive"},
    {"purge since no time", {"purge", "--created-from", "yesterday"}, 2, "this is no time"},
    {"list of no state", {"list", "--state", "sleeping"}, 1, "wanted running"},
    {"list with no number", {"list", "--limit", "few"}, 2, "--limit"},
    {"list as a picture", {"list", "--output", "png"}, 2, "--output"},
    {"unknown operation", {"actor", "call", "stock", "tea", "drink"}, 6, "drink"},
    {"unknown type", {"actor", "list", "nothing"}, 6, "nothing"},
    {"no such actor", {"actor", "get", "stock", "nothing"}, 6, "nothing"},
    {"tell an unknown type", {"actor", "tell", "nothing", "x", "y"}, 6, "nothing"},
    {"tell and be rejected",
     {"actor", "tell", "stock", "tea", "take", R"({"quantity":9})"},
     1,
     "out of stock"},
    {"start of nothing", {"start", "nothing"}, 6, "nothing"},
    {"input that does not fit", {"actor", "call", "stock", "tea", "put", "[]"}, 1, "wanted"},
    {"rejected", {"actor", "call", "stock", "tea", "take", R"({"quantity":9})"}, 1, "out of stock"},
    {"nobody holds it", {"actor", "unlock", "stock", "tea"}, 6, "tea"},
    {"actor alone", {"actor"}, 2, "subcommand"},
    {"no letter to retry", {"deadletter", "retry", "0c"}, 6, "no such dead letter"},
    {"no letter to drop", {"deadletter", "drop", "0c"}, 6, "no such dead letter"},
    {"no letter to drop, dry", {"deadletter", "drop", "0c", "--dry-run"}, 6, "0c"},
    {"no key file", {"get", "x", "--key-file", "/nonexistent"}, 2, "/nonexistent"},
};

const serving& shared_server() {
  static const serving one;
  return one;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(client_commands)

BOOST_DATA_TEST_CASE(each_refusal_has_its_code_and_its_words, data::make(refused), one) {
  const auto ended = shared_server().client(one.arguments);
  BOOST_TEST(ended.code == one.code, ended.out << ended.err);
  BOOST_TEST(contains(ended.err, one.says), ended.err);
  BOOST_TEST(ended.out == "");
  if (one.code != 2) BOOST_TEST(contains(ended.err, "gateway_program: "), ended.err);
}

BOOST_AUTO_TEST_CASE(lists_are_a_table_an_array_or_lines) {
  serving s;
  for (const auto* id : {"a-1", "a-2", "b-1"})
    BOOST_TEST(s.client({"start", "approve", "--id", id}).code == 0);
  for (const auto* id : {"a-1", "a-2"}) s.begun(id);
  const auto table = s.client({"list", "--prefix", "a-", "-o", "table"});
  BOOST_TEST(table.code == 0, table.err);
  BOOST_TEST(lines_of(table.out) == 3u, table.out);
  BOOST_TEST(table.out.rfind("ID   ORCHESTRATION  STATE", 0) == 0u, table.out);
  BOOST_TEST(contains(table.out, "\na-2  approve        running  20"), table.out);
  BOOST_TEST(!contains(table.out, "\x1b"));
  const auto array = s.client({"list"});
  const auto all = json_elements(array.out);
  BOOST_TEST_REQUIRE(all.size() == 3u, array.out);
  BOOST_TEST(json_member(all[2], "id") == "b-1");
  const auto lines = s.client({"list", "--output", "ndjson", "--limit", "2"});
  BOOST_TEST(lines_of(lines.out) == 2u, lines.out);
  BOOST_TEST(s.client({"list", "--state", "failed"}).out == "[]\n");
  BOOST_TEST(s.client({"list", "--orchestration", "echo", "-o", "ndjson"}).out == "");
}

BOOST_AUTO_TEST_CASE(a_list_goes_through_all_pages) {
  serving s;
  for (int i = 0; i < 1'010; ++i) {
    const auto target = "/v1/actors/cup/" + std::to_string(10'000 + i) + "/pour";
    BOOST_TEST_REQUIRE(
        ask(s.port(), "POST", target, "1", "Content-Type: application/json\r\n").status == 200u);
  }
  const auto all = s.client({"actor", "list", "cup", "-o", "ndjson", "--with-state"});
  BOOST_TEST(lines_of(all.out) == 1'010u);
  BOOST_TEST(contains(all.out, R"("key":"11009")"));
  BOOST_TEST(lines_of(s.client({"actor", "list", "cup", "-o", "table"}).out) == 1'011u);
  BOOST_TEST(lines_of(s.client({"actor", "list", "cup", "-o", "ndjson", "--limit", "1005"}).out) ==
             1'005u);
}

BOOST_AUTO_TEST_CASE(an_instance_can_be_shown_steered_and_explained) {
  serving s;
  BOOST_TEST(s.client({"start", "approve", "--id", "a b"}).code == 0);
  s.begun("a b");
  const auto one = s.client({"get", "a b"});
  BOOST_TEST(json_member(one.out, "id") == "a b");
  BOOST_TEST(contains(s.client({"get", "a b", "-o", "table"}).out, "orchestration  approve\n"));
  const auto why = s.client({"why", "a b", "-o", "table"});
  BOOST_TEST(contains(why.out, "event decision"), why.out);
  BOOST_TEST(json_member(s.client({"why", "a b"}).out, "id") == "a b");
  BOOST_TEST(s.client({"suspend", "a b", "--reason", "lunch & more"}).code == 0);
  BOOST_TEST(json_member(s.client({"get", "a b"}).out, "state") == "suspended");
  BOOST_TEST(s.client({"resume", "a b"}).code == 0);
  const auto late = s.client({"wait", "a b", "--timeout", "1"});
  BOOST_TEST(late.code == 5);
  BOOST_TEST(contains(late.err, "within 1 s"), late.err);
  BOOST_TEST(s.client({"raise", "a b", "decision", R"({"x":4})"}).code == 0);
  const auto ended = s.client({"wait", "a b", "--timeout", "60"});
  BOOST_TEST(ended.code == 0);
  BOOST_TEST(ended.out == "\"4\"\n");
  const auto history = s.client({"history", "a b", "-o", "table"});
  BOOST_TEST(history.out.rfind("NO  TIME", 0) == 0u, history.out);
  BOOST_TEST(contains(history.out, "  suspended  "), history.out);
  BOOST_TEST(contains(history.out, "  decision  "), history.out);
  BOOST_TEST(contains(history.out, "lunch & more"), history.out);
  BOOST_TEST(json_elements(s.client({"history", "a b"}).out).size() + 1 == lines_of(history.out));
  BOOST_TEST(s.client({"rewind", "a b"}).code == 7);
  BOOST_TEST(s.client({"suspend", "a b"}).code == 7);
  const auto again = s.client({"restart", "a b"});
  BOOST_TEST(again.code == 0);
  BOOST_TEST(lines_of(again.out) == 1u);
  const auto id = again.out.substr(0, again.out.size() - 1);
  BOOST_TEST(s.client({"restart", id, "--same-id"}).code == 7);  // it runs
  BOOST_TEST(s.client({"restart", "a b", "--new-id", id}).code == 7);
  BOOST_TEST(s.client({"restart", "a b", "--new-id", "c"}).out == "c\n");
  BOOST_TEST(s.client({"restart", "a b", "--new-id", "c", "--same-id"}).code == 2);
}

BOOST_AUTO_TEST_CASE(the_exit_code_of_wait_tells_how_the_instance_ended) {
  serving s;
  BOOST_TEST(s.client({"start", "doomed", "--id", "d", "--input", "\"no luck\""}).code == 0);
  const auto failed = s.client({"wait", "d"});
  BOOST_TEST(failed.code == 3);
  BOOST_TEST(failed.out == "");
  BOOST_TEST(contains(failed.err, "no luck"));
  const auto table = s.client({"history", "d", "-o", "table"}).out;
  BOOST_TEST(contains(table, "  failed  "), table);
  BOOST_TEST(contains(table, "  failed (rejected): no luck\n"), table);
  BOOST_TEST(!contains(table, "  completed  "), table);
  const auto refused = s.client({"rewind", "d", "--reason", "luck is back"});
  BOOST_TEST(refused.code == 7);  // it would fail as it did
  BOOST_TEST(contains(refused.err, "would change nothing"), refused.err);
  const std::string broken = "\"a broken shelf\"";
  BOOST_TEST(s.client({"start", "doomed", "--id", "e", "--input", broken, "--wait"}).code == 3);
  const auto step = s.client({"history", "e", "-o", "table"}).out;
  BOOST_TEST(contains(step, "  failed: "), step);
  BOOST_TEST(s.client({"rewind", "e", "--reason", "it is mended"}).code == 0);
  BOOST_TEST(s.client({"start", "approve", "--id", "t"}).code == 0);
  BOOST_TEST(s.client({"terminate", "t", "--reason", "enough"}).code == 0);
  const auto ended = s.client({"wait", "t"});
  BOOST_TEST(ended.code == 4);
  BOOST_TEST(contains(ended.err, "enough"));
  const auto last = s.client({"history", "t", "-o", "table"}).out;
  BOOST_TEST(contains(last, "  terminated  "), last);
  BOOST_TEST(contains(last, "  enough\n"), last);
}

BOOST_AUTO_TEST_CASE(a_purge_lists_what_would_go_and_then_takes_it) {
  serving s;
  for (const auto* id : {"e-1", "e-2"})
    BOOST_TEST(s.client({"start", "echo", "--id", id, "--wait"}).code == 0);
  BOOST_TEST(s.client({"start", "approve", "--id", "runs"}).code == 0);
  const strings all{"purge", "--created-from", "2020-01-01"};
  auto dry = all;
  dry.push_back("--dry-run");
  BOOST_TEST(json_elements(s.client(dry).out).size() == 2u);
  BOOST_TEST(json_elements(s.client(dry).out).size() == 2u);  // they are still there
  BOOST_TEST(s.client({"purge", "runs", "--dry-run"}).code == 7);
  BOOST_TEST(s.client({"purge", "runs"}).code == 7);
  BOOST_TEST(json_elements(s.client({"purge", "e-1", "--dry-run"}).out).size() == 1u);
  BOOST_TEST(s.client({"purge", "e-1"}).out == "{\"purged\":1}\n");
  BOOST_TEST(s.client({"purge", "e-1"}).code == 6);
  auto table = all;
  table.insert(table.end(), {"--state", "completed", "-o", "table"});
  BOOST_TEST(s.client(table).out == "purged  1\n");
  const auto nothing = s.client(all);
  BOOST_TEST(nothing.out == "{\"purged\":0}\n", nothing.err);
  BOOST_TEST(nothing.code == 0);
}

BOOST_AUTO_TEST_CASE(actors_are_called_told_shown_and_unlocked) {
  serving s;
  const auto put = s.client({"actor", "call", "stock", "tea", "put", R"({"quantity":3})"});
  BOOST_TEST(put.out == "{\"quantity\":3,\"left\":3}\n", put.err);
  BOOST_TEST(s.client({"actor", "call", "stock", "tea", "look", "-o", "table"}).out ==
             "quantity  0\nleft      3\n");
  BOOST_TEST(s.client({"actor", "tell", "cup", "c 1", "pour", "7"}).code == 0);
  BOOST_TEST(s.client({"actor", "get", "cup", "c 1", "-o", "table"}).out == "7\n");
  const auto list = s.client({"actor", "list", "cup", "-o", "ndjson"});
  BOOST_TEST(json_member(list.out, "key") == "c 1");
  BOOST_TEST(json_text(list.out, "state") == "");
  BOOST_TEST(s.client({"start", "hold", "--id", "h", "--input", "\"tea\""}).code == 0);
  // The lock is asked for after the start is answered.
  std::string locks;
  until([&] { return !(locks = s.client({"actor", "locks", "-o", "ndjson"}).out).empty(); });
  BOOST_TEST(json_member(locks, "instance") == "h");
  BOOST_TEST(s.client({"actor", "unlock", "stock", "tea"}).code == 0);
  BOOST_TEST(s.client({"actor", "unlock", "stock", "tea"}).code == 6);
}

BOOST_AUTO_TEST_CASE(a_value_cannot_steer_the_terminal) {
  serving s;
  BOOST_TEST(
      s.client({"start", "echo", "--id", "x", "--input", R"("\u001b[2J\u009b1m\nz")", "--wait"})
          .code == 0);
  const auto shown = s.client({"get", "x", "-o", "table"});
  BOOST_TEST(contains(shown.out, "?[2J?1m z"), shown.out);
  const auto json = s.client({"get", "x", "-o", "json"});
  BOOST_TEST(contains(json.out, R"(\u009b1m)"), json.out);
}

BOOST_AUTO_TEST_CASE(an_empty_id_or_key_is_no_command) {
  serving s;
  const strings rows[] = {{"get", ""},
                          {"status", ""},
                          {"wait", ""},
                          {"history", ""},
                          {"why", ""},
                          {"raise", "", "decision"},
                          {"raise", "x", ""},
                          {"terminate", ""},
                          {"suspend", ""},
                          {"resume", ""},
                          {"rewind", ""},
                          {"restart", ""},
                          {"restart", "x", "--new-id", ""},
                          {"purge", ""},
                          {"purge", "", "--created-from", "2026-01-01"},
                          {"start", ""},
                          {"start", "echo", "--id", ""},
                          {"actor", "call", "", "tea", "look"},
                          {"actor", "call", "stock", "", "look"},
                          {"actor", "call", "stock", "tea", ""},
                          {"actor", "tell", "stock", "", "look"},
                          {"actor", "get", "stock", ""},
                          {"actor", "list", ""},
                          {"actor", "unlock", "stock", ""},
                          {"deadletter", "retry", ""},
                          {"deadletter", "drop", ""}};
  for (const auto& row : rows) {
    const auto ended = s.client(row);
    BOOST_TEST(ended.code == 2, row[0] << ' ' << row[1] << ": " << ended.out << ended.err);
  }
}

BOOST_AUTO_TEST_CASE(the_key_is_sent_as_a_bearer_token) {
  folder f;
  std::ofstream(f.path + "/key") << "s3cret\n";
  std::ofstream(f.path + "/bad") << "two words\n";
  fake_server server("HTTP/1.1 403 x\r\nContent-Length: 0\r\n\r\n");
  process client(
      {REPRISE_TEST_PROGRAM, "get", "x", "--server", server.url(), "--key-file", f.path + "/key"});
  BOOST_TEST(contains(server.seen(), "\r\nAuthorization: Bearer s3cret\r\n"));
  const auto err = client.err();
  BOOST_TEST(client.end() == 8);
  BOOST_TEST(contains(err, "REPRISE_KEY"), err);
  BOOST_TEST(!contains(err, "s3cret"), err);
  const auto bad = run({"get", "x", "--server", server.url(), "--key-file", f.path + "/bad"});
  BOOST_TEST(bad.code == 2);
  BOOST_TEST(!contains(bad.err, "two words"), bad.err);
}

BOOST_AUTO_TEST_SUITE_END()
