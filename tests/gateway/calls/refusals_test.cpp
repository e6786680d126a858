// What durable HTTP calls refuse to do, and where: by the list of hosts, by the scheme, by the address of
// the socket, on the first question and on every redirect.

#include <boost/test/unit_test.hpp>

#include "tests/gateway/calls/asking.hpp"
#include "tests/gateway/calls/server.hpp"

using namespace reprise;
using namespace reprise::http_test;

namespace {

// As on a server of this machine, but its addresses are not let through.
http::options of_the_web() {
  auto o = of_this_machine();
  o.addresses = {};
  return o;
}

void expect_refused(const failure& why, std::string_view because) {
  BOOST_TEST((why.why == cause::rejected), why.text);
  BOOST_TEST(!why.retryable);
  BOOST_TEST(why.text.find(because) != why.text.npos, why.text);
}

reply redirect(std::string where, int status = 302) {
  return {status, "Location: " + std::move(where) + "\r\n", ""};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(refusals)

BOOST_AUTO_TEST_CASE(a_call_without_a_list_of_hosts_is_not_sent) {
  server there(in_turn({{}}));
  auto o = of_this_machine();
  o.hosts = {};
  expect_refused(refusal_of(http::get(there.url("/")), o), "durable HTTP calls are off");
  expect_refused(refusal_of(http::get("https://example.com/"), http::options()), "are off");
  BOOST_TEST(there.seen().empty());
}

BOOST_AUTO_TEST_CASE(a_host_off_the_list_is_not_asked) {
  server there(in_turn({{}}));
  auto o = of_this_machine();
  o.hosts = {"api.example.com", "127.0.0.2:*"};
  expect_refused(refusal_of(http::get(there.url("/")), o), "not among those that may be");
  BOOST_TEST(there.seen().empty());
}

BOOST_AUTO_TEST_CASE(plain_http_is_not_spoken_unless_it_is_allowed) {
  server there(in_turn({{}}));
  auto o = of_this_machine();
  o.plain = http::plain_http::refused;
  expect_refused(refusal_of(http::get(there.url("/")), o), "plain http is off");
  BOOST_TEST(there.seen().empty());
}

// Whatever way it is written, it comes to a socket address.
BOOST_AUTO_TEST_CASE(an_address_of_this_machine_is_refused_however_it_is_written) {
  server there(in_turn({{}}));
  server there6(in_turn({{}}), "::1");
  for (const char* host : {"127.0.0.1", "127.1", "2130706433", "0x7f000001", "0x7f.0.0.1",
                           "017700000001", "0177.0.0.1", "127.0.0.2", "localhost"})
    expect_refused(refusal_of(http::get(there.url("/", host)), of_the_web()), "loopback");
  expect_refused(refusal_of(http::get(there6.url("/", "[::1]")), of_the_web()), "is loopback");
  for (const char* host : {"[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]"})
    expect_refused(refusal_of(http::get(there.url("/", host)), of_the_web()),
                   "an IPv4 address written as IPv6");
  for (const char* host : {"0.0.0.0", "0", "[::]"})
    expect_refused(refusal_of(http::get(there.url("/", host)), of_the_web()), "is unspecified");
  BOOST_TEST(there.seen().empty());
  BOOST_TEST(there6.seen().empty());
  // They do lead there.
  for (const char* host : {"127.0.0.1", "2130706433", "0x7f.1", "localhost"})
    BOOST_TEST(!!answer_to(http::get(there.url("/", host))), host);
  BOOST_TEST(there.seen().size() == 4u);
}

BOOST_AUTO_TEST_CASE(private_and_link_local_addresses_are_refused_before_they_are_connected_to) {
  for (const char* host :
       {"10.0.0.1", "192.168.0.1", "172.16.0.1", "100.64.0.1", "169.254.169.254", "[fd00::1]",
        "[fe80::1]", "[64:ff9b::a9fe:a9fe]", "224.0.0.1", "[ff02::1]"}) {
    const auto why = refusal_of(http::get("http://" + std::string(host) + "/"), of_this_machine());
    expect_refused(why, "is not asked: its address ");
  }
}

BOOST_AUTO_TEST_CASE(a_redirect_is_followed_where_it_may_lead) {
  server there(in_turn({redirect("/b"), redirect("c?d"), redirect("/e"), {200, "", "here"}}));
  const auto answer = answer_to(http::get(there.url("/a")));
  BOOST_TEST_REQUIRE(!!answer, said(answer));
  BOOST_TEST(http::body_of(**answer) == "here");
  BOOST_TEST((*answer)->getUrl().cStr() == there.url("/e"));
  server round(in_turn({redirect("/")}));
  expect_refused(refusal_of(http::get(round.url("/"))), "http::limits::redirects");
  BOOST_TEST(round.seen().size() == 4u);
}

BOOST_AUTO_TEST_CASE(a_redirect_keeps_the_method_or_makes_it_a_get) {
  for (int status : {301, 302, 303, 307, 308}) {
    server there(in_turn({redirect("/b", status), {200, "", ""}}));
    BOOST_TEST(!!answer_to(http::post(there.url("/a")).json("{}")));
    const auto seen = there.seen();
    BOOST_TEST_REQUIRE(seen.size() == 2u);
    const bool kept = status >= 307;
    BOOST_TEST(seen[1].line == (kept ? "POST /b HTTP/1.1" : "GET /b HTTP/1.1"));
    BOOST_TEST(seen[1].body == (kept ? "{}" : ""));
    BOOST_TEST(seen[1].has("content-type") == kept);
  }
}

BOOST_AUTO_TEST_CASE(a_redirect_to_a_private_address_is_refused) {
  for (const char* to : {"http://10.0.0.1/", "http://169.254.169.254/latest/meta-data/",
                         "http://[::1]:1/", "http://2852039166/"}) {
    server there(in_turn({redirect(to), {200, "", ""}}));
    auto o = of_this_machine();
    o.addresses = {"127.0.0.0/8"};
    expect_refused(refusal_of(http::get(there.url("/")), o), "is not asked: its address ");
    BOOST_TEST(there.seen().size() == 1u);
  }
}

BOOST_AUTO_TEST_CASE(a_redirect_off_the_list_or_to_another_scheme_is_refused) {
  server elsewhere(in_turn({{}}));
  for (const auto& to : {elsewhere.url("/"), std::string("http://localhost/")}) {
    server there(in_turn({redirect(to)}));
    auto o = of_this_machine();
    o.hosts = {there.place()};
    expect_refused(refusal_of(http::get(there.url("/")), o), "not among those that may be");
  }
  BOOST_TEST(elsewhere.seen().empty());
  for (const char* to : {"file:///etc/passwd", "ftp://127.0.0.1/", "gopher://127.0.0.1/",
                         "http://user:pw@127.0.0.1/"}) {
    server there(in_turn({redirect(to)}));
    expect_refused(refusal_of(http::get(there.url("/"))), "redirects to where");
  }
}

BOOST_AUTO_TEST_SUITE_END()
