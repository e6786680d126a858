// The commands that ask a server, against servers that are none of ours: each says what it met and ends
// with a code that is no success.

#include <string>
#include <utility>
#include <vector>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "tests/gateway/cli/command_line.hpp"
#include "tests/gateway/cli/fake_server.hpp"

namespace {

using namespace reprise::gateway_test;
namespace data = boost::unit_test::data;

const std::vector<strings> commands = {
    {"start", "echo"},
    {"start", "echo", "--wait"},
    {"get", "x"},
    {"status", "x"},
    {"list"},
    {"wait", "x"},
    {"history", "x"},
    {"why", "x"},
    {"raise", "x", "decision"},
    {"terminate", "x"},
    {"suspend", "x"},
    {"resume", "x"},
    {"rewind", "x"},
    {"restart", "x"},
    {"purge", "x"},
    {"purge", "x", "--dry-run"},
    {"purge", "--created-from", "2020-01-01"},
    {"purge", "--created-from", "2020-01-01", "--dry-run"},
    {"actor", "call", "stock", "tea", "look"},
    {"actor", "tell", "stock", "tea", "look"},
    {"actor", "get", "stock", "tea"},
    {"actor", "list", "stock"},
    {"actor", "locks"},
    {"actor", "unlock", "stock", "tea"},
    {"deadletter", "list"},
    {"deadletter", "retry", "0c"},
    {"deadletter", "drop", "0c"},
    {"deadletter", "drop", "0c", "--dry-run"},
};

std::string answer(const std::string& status, const std::string& type, const std::string& body) {
  auto text = "HTTP/1.1 " + status + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n";
  if (!type.empty()) text += "Content-Type: " + type + "\r\n";
  return text + "\r\n" + body;
}

const std::string page = "<html><title>It works</title></html>";
const std::string json = "application/json";

struct row {
  std::string what, bytes;
  std::string says = "no server of Reprise";
};
std::ostream& operator<<(std::ostream& out, const row& r) { return out << r.what; }

const row strange[] = {
    {"a page", answer("200 OK", "text/html", page)},
    {"a page, created", answer("201 Created", "text/html", page)},
    {"a page that is not there", answer("404 Not Found", "text/html", page)},
    {"nothing is not there", "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"},
    {"a page of an error", answer("500 Oops", "text/html", page)},
    {"no such method", answer("405 Method Not Allowed", "text/html", page)},
    {"a redirection", "HTTP/1.1 302 Found\r\nLocation: /login\r\nContent-Length: 0\r\n\r\n",
     "a redirection to /login"},
    {"JSON of somebody else", answer("200 OK", json, R"({"status":"up"})")},
    {"a list of somebody else", answer("200 OK", json, "[1,2]")},
    {"JSON that is none", answer("200 OK", json, "{\"id\":")},
    {"JSON that says text", answer("200 OK", "text/plain", R"({"id":"x","state":"running"})")},
    {"an error of somebody else", answer("404 Not Found", json, R"({"error":"nothing here"})")},
    {"nothing behind HTTP/1.0", "HTTP/1.0 200 OK\r\n\r\n", "HTTP/1.0"},
    {"a page behind HTTP/1.0", "HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n" + page,
     "HTTP/1.0"},
    {"no HTTP", "220 mail.example ESMTP\r\n", "speaks no HTTP/1.1"},
    {"SSH", "SSH-2.0-OpenSSH_9.2\r\n\r\n", "speaks no HTTP/1.1"},
    {"bytes", std::string("\x15\x03\x01\x00\x02\x02\x28", 7), "speaks no HTTP/1.1"},
    {"nothing at all", "", "closed the connection without an answer"},
    {"half a head", "HTTP/1.1 200 OK\r\nContent-Le", "in the middle of its answer"},
    {"half a body",
     "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 50\r\n"
     "\r\n{\"id\":\"x\"",
     "in the middle of its answer"},
    {"half a chunk",
     "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
     "Transfer-Encoding: chunked\r\n\r\n20\r\n{\"id\"",
     "in the middle of its answer"},
    {"a length that is none", "HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n",
     "speaks no HTTP/1.1"},
};

std::string words(const strings& all) {
  std::string text;
  for (const auto& one : all) text += one + ' ';
  return text;
}

finished ask(strings command, const fake_server& server, const strings& more = {}) {
  command.insert(command.end(), {"--server", server.url()});
  command.insert(command.end(), more.begin(), more.end());
  return run(command);
}

// Any JSON is an answer of some operation, and of some actor. On the surface of Durable Functions a status
// alone says that there is no such instance.
bool could_be_ours(const strings& command, const row& r) {
  if (r.what == "nothing is not there") return command[0] == "status";
  return command[0] == "actor" && (command[1] == "call" || command[1] == "get") &&
         r.what.find("of somebody else") != std::string::npos &&
         r.bytes.find(" 200 OK") != std::string::npos;
}

void expect_stranger(const strings& command, const fake_server& server, const row& one) {
  if (could_be_ours(command, one)) return;
  const auto ended = ask(command, server);
  BOOST_TEST_CONTEXT(words(command)) {
    BOOST_TEST(ended.code == 9);
    BOOST_TEST(contains(ended.err, one.says), ended.err);
    BOOST_TEST(ended.out == "");
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(strange_servers)

// Every wrong answer to a command of each shape, and every command against three of them.
BOOST_DATA_TEST_CASE(no_wrong_answer_is_taken_for_one_of_ours, data::make(strange), one) {
  fake_server server(one.bytes);
  for (const auto at : {0u, 2u, 3u, 4u, 9u, 18u}) expect_stranger(commands[at], server, one);
}
BOOST_AUTO_TEST_CASE(no_command_takes_a_stranger_for_a_server_of_ours) {
  for (const auto at : {0u, 7u, 10u}) {
    fake_server server(strange[at].bytes);
    for (const auto& command : commands) expect_stranger(command, server, strange[at]);
  }
}

// A chunked answer may end with trailers, which are no second head.
BOOST_AUTO_TEST_CASE(an_answer_with_trailers_is_whole) {
  fake_server server(
      "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
      "Transfer-Encoding: chunked\r\nTrailer: X\r\n\r\n"
      "1c\r\n{\"instances\":[],\"next\":null}\r\n0\r\nX: y\r\n\r\n");
  const auto ended = ask({"list"}, server);
  BOOST_TEST(ended.code == 0, ended.err);
}

BOOST_AUTO_TEST_CASE(an_invalid_server_url_is_refused_before_any_connection) {
  for (const std::string url :
       {"http://evil@127.0.0.1:1", "http://u:p@127.0.0.1:1", "http://127.0.0.1?x",
        "http://127.0.0.1#x", "http://a b:1", "http://x]:1", "http://127.0.0.1:99999",
        "http://127.0.0.1:0", "http://127.0.0.1:", "http://", "ftp://127.0.0.1:1"})
    BOOST_TEST(run({"list", "--server", url}).code == 2, url);
}

// What stands for no body has none, and what needs one has it.
BOOST_AUTO_TEST_CASE(an_empty_answer_is_refused_by_commands_that_need_one) {
  fake_server server("HTTP/1.1 204 No Content\r\n\r\n");
  for (const strings& command : {strings{"start", "echo"}, {"get", "x"}, {"list"}, {"wait", "x"}}) {
    const auto ended = ask(command, server);
    BOOST_TEST(ended.code == 9, words(command) << ended.err);
    BOOST_TEST(ended.out == "");
  }
  BOOST_TEST(ask({"terminate", "x"}, server).code == 0);
}

BOOST_AUTO_TEST_CASE(a_server_that_says_nothing_is_given_up) {
  for (const auto* begun :
       {"", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"}) {
    fake_server server(begun, fake_server::then::stays_silent);
    const auto ended = ask({"get", "x"}, server, {"--timeout", "1"});
    BOOST_TEST(ended.code == 9);
    BOOST_TEST(contains(ended.err, "within 1 s"), ended.err);
  }
}

BOOST_AUTO_TEST_CASE(an_answer_of_the_server_cannot_steer_the_terminal) {
  fake_server server(answer("404 Not Found", "application/problem+json",
                            R"({"code":"not_found","detail":"\u001b[2Jgone\nreally"})"));
  const auto ended = ask({"actor", "get", "stock", "tea"}, server);
  BOOST_TEST(ended.code == 6);
  BOOST_TEST(contains(ended.err, R"(\u001b[2Jgone\nreally)"), ended.err);
}

BOOST_AUTO_TEST_SUITE_END()
