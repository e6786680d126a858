// Durable HTTP calls as orchestrators make them: whole nodes in a world, a server in this process.

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <cstdlib>
#include <stop_token>

#include "gateway/calls/limits.hpp"
#include "gateway/calls/sending/sender.hpp"
#include "runtime/world.hpp"
#include "tests/gateway/calls/asking.hpp"
#include "tests/gateway/calls/server.hpp"

using namespace reprise;
using namespace reprise::http_test;
using namespace std::chrono_literals;
using testing::world;

namespace {

using manner = reply::manner;

std::string field(const value<http::Response>& answer, const char* name) {
  return std::string(http::field_of(*answer, name).value_or("none"));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(calls)

BOOST_AUTO_TEST_CASE(an_answer_has_status_fields_and_body) {
  server there(in_turn({{201, "X-One: 1\r\nx-two:  2 \r\nSet-Cookie: a=b\r\n", "{\"id\":7}"}}));
  const auto answer = answer_to(
      http::post(there.url("/orders?x=1")).header("X-Mine", "yes").json("{\"sku\":\"tea\"}"));
  BOOST_TEST_REQUIRE(!!answer, said(answer));
  BOOST_TEST((*answer)->getStatus() == 201);
  BOOST_TEST(http::body_of(**answer) == "{\"id\":7}");
  BOOST_TEST(field(*answer, "X-ONE") == "1");
  BOOST_TEST(field(*answer, "x-two") == "2");
  BOOST_TEST(field(*answer, "set-cookie") == "none");
  BOOST_TEST((*answer)->getUrl().cStr() == there.url("/orders?x=1"));
  const auto seen = there.seen();
  BOOST_TEST_REQUIRE(seen.size() == 1u);
  BOOST_TEST(seen[0].line == "POST /orders?x=1 HTTP/1.1");
  BOOST_TEST(seen[0].body == "{\"sku\":\"tea\"}");
  BOOST_TEST(seen[0].field("x-mine") == "yes");
  BOOST_TEST(seen[0].field("content-type") == "application/json");
  BOOST_TEST(!seen[0].has("expect"));
  BOOST_TEST(seen[0].field("user-agent") == "reprise");
}

BOOST_AUTO_TEST_CASE(any_method_goes_with_a_body_or_without) {
  server there(in_turn({{204, "", ""}}));
  for (const char* method : {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}) {
    for (const char* body : {"", "abc"}) {
      if (std::string(method) == "HEAD" && *body) continue;
      const auto answer = answer_to(http::request(method, there.url("/")).body(body));
      BOOST_TEST_REQUIRE(!!answer, said(answer));
      BOOST_TEST(there.seen().back().line == std::string(method) + " / HTTP/1.1");
      BOOST_TEST(there.seen().back().body == body);
      BOOST_TEST(!there.seen().back().has("content-type"));
    }
  }
}

BOOST_AUTO_TEST_CASE(a_body_that_is_no_text_comes_whole) {
  const std::string bytes("\0\xff\x80 abc", 7);
  server there([](const asked& what) { return reply{200, "", what.body}; });
  const auto answer = answer_to(http::post(there.url("/")).body(bytes));
  BOOST_TEST_REQUIRE(!!answer);
  BOOST_TEST(http::body_of(**answer) == bytes);
  BOOST_TEST((*answer)->getBody().size() == 0u);
}

BOOST_AUTO_TEST_CASE(an_answer_is_a_result_whatever_its_status) {
  server there([](const asked& what) { return reply{std::stoi(what.line.substr(5)), "", "no"}; });
  for (int status : {400, 401, 404, 409, 429, 500, 503}) {
    const auto answer = answer_to(http::get(there.url("/" + std::to_string(status))));
    BOOST_TEST_REQUIRE(!!answer);
    BOOST_TEST((*answer)->getStatus() == status);
  }
}

BOOST_AUTO_TEST_CASE(no_answer_is_a_failure_that_is_retried_by_policy) {
  server there(in_turn({{0, "", "", manner::drops}, {0, "", "", manner::drops}, {200, "", "ok"}}));
  ask_for([&] { return http::get(there.url("/")).with({.attempts = 3, .first = 60s}); });
  world w(bound(of_this_machine()));
  const auto begin = w.now();
  const auto answer = w.ask(ask());
  BOOST_TEST_REQUIRE(!!answer, said(answer));
  BOOST_TEST(http::body_of(**answer) == "ok");
  BOOST_TEST(there.seen().size() == 3u);
  BOOST_TEST((w.now() - begin >= 120s));  // durable timers, not a thread that sleeps
}

BOOST_AUTO_TEST_CASE(no_answer_says_what_happened) {
  const auto why = refusal_of(http::get("http://127.0.0.1:1/"));  // nobody may listen there
  BOOST_TEST((why.why == cause::failed));
  BOOST_TEST(why.retryable);
  BOOST_TEST(why.text.find("http://127.0.0.1:1") != why.text.npos, why.text);
}

BOOST_AUTO_TEST_CASE(a_status_is_a_failure_when_the_request_says_so) {
  server there(in_turn({{503, "", ""}, {429, "", ""}, {200, "", ""}}));
  const auto answer = answer_to(
      http::get(there.url("/")).retry_on(503).retry_on(429).with({.attempts = 3, .first = 1s}));
  BOOST_TEST_REQUIRE(!!answer, said(answer));
  server busy(in_turn({{503, "", ""}}));
  const auto why = refusal_of(http::get(busy.url("/")).retry_on(503).with({.attempts = 2}));
  BOOST_TEST(why.text.ends_with("answered 503"));
  BOOST_TEST(busy.seen().size() == 2u);
}

BOOST_AUTO_TEST_CASE(a_server_that_does_not_answer_is_given_up) {
  server slow(in_turn({{0, "", "", manner::hangs}}));
  const auto begin = std::chrono::steady_clock::now();
  auto why = refusal_of(http::get(slow.url("/")).timeout(50ms));
  BOOST_TEST((why.why == cause::timed_out), why.text);
  BOOST_TEST(why.retryable);
  auto o = of_this_machine();
  o.total = 50ms;  // whatever the request says
  why = refusal_of(http::get(slow.url("/")).timeout(1h), o);
  BOOST_TEST((why.why == cause::timed_out), why.text);
  BOOST_TEST((std::chrono::steady_clock::now() - begin < 60s));
}

BOOST_AUTO_TEST_CASE(an_attempt_that_nobody_waits_for_stops) {
  std::stop_source nobody;
  server slow([&](const asked&) {
    nobody.request_stop();
    return reply{0, "", "", manner::hangs};
  });
  auto o = of_this_machine();
  o.total = 20s;
  const auto sends = http::internal::sender::open(o);
  capnp::MallocMessageBuilder out;
  const auto asked = http::get(slow.url("/")).message();
  const attempt_context here("id", 1, nobody.get_token());
  const auto outcome = (*sends)->run(*asked, out.initRoot<http::Response>(), here);
  BOOST_TEST_REQUIRE(!outcome);
  BOOST_TEST((outcome.error().why == cause::cancelled), said(outcome));
}

// To where it was sent, not to where that redirects; and the request's own words go before it.
BOOST_AUTO_TEST_CASE(a_request_says_to_which_trace_it_belongs) {
  server elsewhere(in_turn({{200, "", ""}}));
  server there([&](const asked& one) {
    if (one.line.find("/go") == std::string::npos) return reply{200, "", ""};
    return reply{302, "Location: " + elsewhere.url("/") + "\r\n", ""};
  });
  const auto sends = http::internal::sender::open(of_this_machine());
  const attempt_context here("id", 1, {}, {}, {"00-1-2-01", "rojo=1"});
  const auto send = [&](const http::request& what, const attempt_context& at) {
    capnp::MallocMessageBuilder out;
    const auto asked = what.message();
    BOOST_TEST_REQUIRE(!!(*sends)->run(*asked, out.initRoot<http::Response>(), at));
    return there.seen().back();
  };
  const auto plain = send(http::get(there.url("/")), here);
  BOOST_TEST(plain.field("traceparent") == "00-1-2-01");
  BOOST_TEST(plain.field("tracestate") == "rojo=1");
  const auto own = send(http::get(there.url("/")).header("TraceParent", "mine"), here);
  BOOST_TEST(own.field("traceparent") == "mine");
  BOOST_TEST(!own.has("tracestate"));
  BOOST_TEST(send(http::get(there.url("/go")), here).has("traceparent"));
  BOOST_TEST_REQUIRE(elsewhere.seen().size() == 1u);
  BOOST_TEST(!elsewhere.seen().back().has("traceparent"));
  BOOST_TEST(!send(http::get(there.url("/")), attempt_context("id")).has("traceparent"));
}

BOOST_AUTO_TEST_CASE(a_message_over_a_limit_is_refused_by_the_name_of_the_limit) {
  server there(in_turn({{200, "", std::string(5'000, 'x')}}));
  auto o = of_this_machine();
  o.response_body = 5'000;
  o.request_body = 10;
  BOOST_TEST(!!answer_to(http::post(there.url("/")).body("0123456789"), o));
  auto why = refusal_of(http::post(there.url("/")).body("0123456789a"), o);
  BOOST_TEST((why.why == cause::limit));
  BOOST_TEST(why.text.find("http::options::request_body") != why.text.npos, why.text);
  BOOST_TEST(there.seen().size() == 1u);
  o.response_body = 4'999;
  why = refusal_of(http::get(there.url("/")), o);
  BOOST_TEST((why.why == cause::limit));
  BOOST_TEST(!why.retryable);
  BOOST_TEST(why.text.find("http::options::response_body") != why.text.npos, why.text);
  server chatty(in_turn({{200, "X: " + std::string(70'000, 'x') + "\r\n", ""}}));
  why = refusal_of(http::get(chatty.url("/")));
  BOOST_TEST((why.why == cause::limit), why.text);
}

BOOST_AUTO_TEST_CASE(a_proxy_of_the_environment_is_not_used) {
  for (const char* name : {"http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"})
    ::setenv(name, "http://127.0.0.1:1", 1);
  server there(in_turn({{200, "", "direct"}}));
  const auto answer = answer_to(http::get(there.url("/")));
  for (const char* name : {"http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"}) ::unsetenv(name);
  BOOST_TEST_REQUIRE(!!answer, said(answer));
  BOOST_TEST(http::body_of(**answer) == "direct");
}

BOOST_AUTO_TEST_CASE(an_idempotency_key_is_the_same_for_every_attempt) {
  server there(in_turn({{0, "", "", manner::drops}, {200, "", ""}}));
  const auto answer =
      answer_to(http::post(there.url("/")).idempotency_key().with({.attempts = 2, .first = 1s}));
  BOOST_TEST_REQUIRE(!!answer);
  const auto seen = there.seen();
  BOOST_TEST_REQUIRE(seen.size() == 2u);
  BOOST_TEST(seen[0].has("idempotency-key"));
  BOOST_TEST(seen[0].field("idempotency-key") == seen[1].field("idempotency-key"));
}

BOOST_AUTO_TEST_CASE(a_failure_can_be_a_value) {
  server there(in_turn({{404, "", ""}}));
  ask_for([&] { return http::get(there.url("/")); });
  world w(bound(of_this_machine()));
  auto got = w.ask(try_to());
  BOOST_TEST_REQUIRE(!!got, said(got));
  BOOST_TEST(**got == "404");
  ask_for([&] { return http::get("ftp://127.0.0.1/"); });
  got = w.ask(try_to());
  BOOST_TEST_REQUIRE(!!got, said(got));
  BOOST_TEST((**got).starts_with("the URL of a durable HTTP call cannot be used"), **got);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(polls)

BOOST_AUTO_TEST_CASE(polls_are_made_by_durable_timers_until_the_job_is_done) {
  server there(in_turn({{202, "Location: /jobs/1\r\nRetry-After: 3600\r\n", ""},
                        {202,
                         "Date: Tue, 01 Jan 2030 00:00:00 GMT\r\n"
                         "Retry-After: Tue, 01 Jan 2030 00:02:00 GMT\r\n",
                         ""},
                        {202, "Location: jobs-2\r\n", ""},
                        {200, "", "done"}}));
  ask_for([&] { return http::post(there.url("/jobs")).header("Accept", "text/plain").json("{}"); });
  world w(bound(of_this_machine()));
  const auto begin = w.now();
  BOOST_TEST_REQUIRE(!!w.start(ask.as("job")));
  w.run();
  BOOST_TEST(there.seen().size() == 1u);
  w.advance(3599s);
  BOOST_TEST(there.seen().size() == 1u);
  w.restart();  // the process dies; its timer does not
  const auto answer = w.wait(ask, "job");
  BOOST_TEST_REQUIRE(!!answer, said(answer));
  BOOST_TEST(http::body_of(**answer) == "done");
  BOOST_TEST((w.now() - begin == 3600s + 120s + 30s));
  const auto seen = there.seen();
  BOOST_TEST_REQUIRE(seen.size() == 4u);
  BOOST_TEST(seen[0].line == "POST /jobs HTTP/1.1");
  BOOST_TEST(seen[1].line == "GET /jobs/1 HTTP/1.1");
  BOOST_TEST(seen[2].line == "GET /jobs/1 HTTP/1.1");  // not said again: it still holds
  BOOST_TEST(seen[3].line == "GET /jobs/jobs-2 HTTP/1.1");
  for (int i = 1; i < 4; ++i) {
    BOOST_TEST(seen[i].field("accept") == "text/plain");
    BOOST_TEST(!seen[i].has("content-type"));
    BOOST_TEST(seen[i].body == "");
  }
}

BOOST_AUTO_TEST_CASE(polls_are_retried_like_the_first_request) {
  server there(in_turn({{202, "Location: /job\r\n", ""},
                        {0, "", "", manner::drops},
                        {503, "", ""},
                        {200, "", "done"}}));
  const auto answer =
      answer_to(http::get(there.url("/")).retry_on(503).with({.attempts = 3, .first = 1s}));
  BOOST_TEST_REQUIRE(!!answer, said(answer));
  BOOST_TEST(http::body_of(**answer) == "done");
}

BOOST_AUTO_TEST_CASE(polls_are_not_made_when_switched_off_or_without_a_location) {
  server there(in_turn({{202, "Location: /job\r\n", ""}}));
  const auto off = answer_to(http::get(there.url("/")).poll(http::polling::off));
  BOOST_TEST_REQUIRE(!!off);
  BOOST_TEST((*off)->getStatus() == 202);
  BOOST_TEST((*off)->getLocation().cStr() == there.url("/job"));
  ask_for([&] { return http::get(there.url("/")); });
  world w(bound(of_this_machine()));
  const auto once = w.ask(ask_once());
  BOOST_TEST_REQUIRE(!!once);
  BOOST_TEST((*once)->getStatus() == 202);
  BOOST_TEST(there.seen().size() == 2u);
  server silent(in_turn({{202, "", ""}}));
  const auto nowhere = answer_to(http::get(silent.url("/")));
  BOOST_TEST_REQUIRE(!!nowhere);
  BOOST_TEST((*nowhere)->getStatus() == 202);
}

BOOST_AUTO_TEST_CASE(polls_are_checked_against_the_rules_of_the_first_request) {
  server there(in_turn({{202, "Location: https://elsewhere.example.org/job\r\n", ""}}));
  auto o = of_this_machine();
  o.hosts = {there.place()};
  const auto why = refusal_of(http::get(there.url("/")), o);
  BOOST_TEST((why.why == cause::rejected));
  BOOST_TEST(why.text.find("elsewhere.example.org") != why.text.npos, why.text);
}

BOOST_AUTO_TEST_SUITE_END()
