// Where secrets go, and where they do not: not into the store, not to another origin, not into an answer.

#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "tests/gateway/calls/asking.hpp"
#include "tests/gateway/calls/server.hpp"
#include "tests/support/world.hpp"

using namespace reprise;
using namespace reprise::http_test;
using testing::disk;
using testing::world;
namespace fs = std::filesystem;

namespace {

constexpr const char* secret = "s3cr3t-value-0123456789";

// Set in the environment while it lives.
class secret_variable {
 public:
  explicit secret_variable(const char* text = secret) { ::setenv("HTTP_TEST_SECRET", text, 1); }
  ~secret_variable() { ::unsetenv("HTTP_TEST_SECRET"); }
};

http::options with_token(std::vector<std::string> hosts) {
  auto o = of_this_machine();
  http::token one;
  one.name = "billing";
  one.variable = "HTTP_TEST_SECRET";
  one.hosts = std::move(hosts);
  o.tokens = {one};
  return o;
}

// Does any file below the folder have these bytes?
bool stored(const fs::path& folder, const std::string& bytes) {
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string all{std::istreambuf_iterator<char>(file), {}};
    if (all.find(bytes) != all.npos) return true;
  }
  return false;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(tokens)

BOOST_AUTO_TEST_CASE(a_token_is_sent_and_is_in_no_byte_of_the_store) {
  const secret_variable set;
  // A server that says back what it was told, everywhere, and then has it polled.
  server there([n = 0](const asked& what) mutable {
    const auto told = what.field("authorization");
    if (++n == 1)
      return reply{202, "Location: /job?t=" + told.substr(7) + "\r\nX-Said: " + told + "\r\n",
                   told};
    return reply{200, "", "seen-by-the-test " + told};
  });
  ask_for(
      [&] { return http::get(there.url("/")).header("X-Mark", "plain-mark").token("billing"); });
  world w(1, disk::lmdb, [&] { return bound(with_token({there.place()})); });
  BOOST_TEST_REQUIRE(!!w.start(ask.as("a")));
  BOOST_TEST(w.run_until([&] { return w.ended("a"); }));
  const auto status = w.status("a");
  BOOST_TEST_REQUIRE((status && *status && (*status)->outcome && *(*status)->outcome));
  const auto answer = codec<http::Response>::decode(**(*status)->outcome);
  BOOST_TEST_REQUIRE(!!answer);
  BOOST_TEST(http::body_of(**answer) == "seen-by-the-test Bearer ***");
  w.close();
  const auto seen = there.seen();
  BOOST_TEST_REQUIRE(seen.size() == 2u);
  BOOST_TEST(seen[0].field("authorization") == std::string("Bearer ") + secret);
  BOOST_TEST(seen[1].field("authorization") == std::string("Bearer ") + secret);
  BOOST_TEST(stored(w.folder(), "plain-mark"));  // what is stored is found
  BOOST_TEST(stored(w.folder(), "seen-by-the-test"));
  BOOST_TEST(!stored(w.folder(), secret));
}

BOOST_AUTO_TEST_CASE(a_token_does_not_follow_a_redirect_to_another_origin) {
  const secret_variable set;
  server other(in_turn({{200, "", ""}}));
  server there([&](const asked& what) {
    if (what.line.starts_with("GET /home ")) return reply{200, "", ""};
    return reply{302, "Location: " + what.line.substr(5, what.line.rfind(' ') - 5) + "\r\n", ""};
  });
  const auto go = [&](const std::string& to) {
    return answer_to(http::get(there.url("/" + to))
                         .header("X-Key", "mine")
                         .header("Accept", "text/plain")
                         .token("billing"),
                     with_token({"*:*"}));
  };
  BOOST_TEST(!!go("/home"));  // its own origin
  BOOST_TEST(there.seen().back().has("authorization"));
  BOOST_TEST(there.seen().back().has("x-key"));
  for (const auto& to : {other.url("/"), there.url("/home", "localhost")}) {  // port, name
    BOOST_TEST(!!go(to));
    const auto last = to == other.url("/") ? other.seen().back() : there.seen().back();
    BOOST_TEST(!last.has("authorization"));
    BOOST_TEST(!last.has("x-key"));
    BOOST_TEST(last.field("accept") == "text/plain");
  }
}

BOOST_AUTO_TEST_CASE(a_token_does_not_follow_a_poll_to_another_origin) {
  const secret_variable set;
  server other(in_turn({{200, "", "done"}}));
  server there(in_turn({{202, "Location: " + other.url("/job") + "\r\n", ""}}));
  const auto answer = answer_to(http::get(there.url("/")).header("X-Key", "mine").token("billing"),
                                with_token({"*:*"}));
  BOOST_TEST_REQUIRE(!!answer, said(answer));
  BOOST_TEST(there.seen().back().has("authorization"));
  BOOST_TEST(!other.seen().back().has("authorization"));
  BOOST_TEST(!other.seen().back().has("x-key"));
}

BOOST_AUTO_TEST_CASE(a_token_goes_only_to_the_hosts_named_with_it) {
  const secret_variable set;
  server there(in_turn({{200, "", ""}}));
  auto why =
      refusal_of(http::get(there.url("/")).token("billing"), with_token({"api.example.com"}));
  BOOST_TEST((why.why == cause::rejected));
  BOOST_TEST(why.text.find("is not for http://127.0.0.1") != why.text.npos, why.text);
  why = refusal_of(http::get(there.url("/")).token("other"), with_token({"*:*"}));
  BOOST_TEST(why.text.find("is not configured") != why.text.npos, why.text);
  BOOST_TEST(there.seen().empty());
}

BOOST_AUTO_TEST_CASE(a_secret_that_is_none_is_not_sent) {
  server there(in_turn({{200, "", ""}}));
  for (const char* text : {"", "tiny5", "line\r\nX-Other: injected", "  \n"}) {
    const secret_variable set(text);
    const auto why = refusal_of(http::get(there.url("/")).token("billing"), with_token({"*:*"}));
    BOOST_TEST((why.why == cause::rejected), why.text);
    if (*text) BOOST_TEST(why.text.find(text) == why.text.npos);
  }
  const auto why = refusal_of(http::get(there.url("/")).token("billing"), with_token({"*:*"}));
  BOOST_TEST(why.text.find("cannot be read") != why.text.npos, why.text);
  BOOST_TEST(there.seen().empty());
}

BOOST_AUTO_TEST_CASE(a_file_is_read_anew_for_each_attempt) {
  server there(in_turn({{200, "", ""}}));
  const auto path = fs::temp_directory_path() / ("http-test-" + std::to_string(there.port()));
  auto o = with_token({"*:*"});
  o.tokens[0].variable = "";
  o.tokens[0].file = path;
  o.tokens[0].field = "X-Api-Key";
  o.tokens[0].scheme = "";
  for (const std::string text : {"the-first-secret", "the-next-secret"}) {
    std::ofstream(path) << text << "\n";
    const auto answer = answer_to(http::get(there.url("/")).token("billing"), o);
    BOOST_TEST_REQUIRE(!!answer, said(answer));
    BOOST_TEST(there.seen().back().field("x-api-key") == text);
    BOOST_TEST(!there.seen().back().has("authorization"));
  }
  fs::remove(path);
}

BOOST_AUTO_TEST_SUITE_END()
