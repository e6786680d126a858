// The rules that need no network: URLs, hosts, fields, Retry-After, options.

#include <boost/test/unit_test.hpp>
#include <cstdlib>

#include "gateway/calls/http.hpp"
#include "gateway/calls/sending/fields.hpp"
#include "gateway/calls/sending/host_list.hpp"
#include "gateway/calls/sending/retry_after.hpp"
#include "gateway/calls/sending/secrets.hpp"
#include "gateway/calls/sending/target.hpp"

using namespace reprise;
using namespace reprise::http::internal;
using namespace std::chrono_literals;

namespace {

bool allows(const std::vector<std::string>& patterns, const std::string& url) {
  const auto list = host_list::parse(patterns);
  const auto where = target::parse(url);
  BOOST_TEST_REQUIRE(!!list);
  BOOST_TEST_REQUIRE(!!where, url);
  return list->contains(*where);
}

std::string host_in(const std::string& url) {
  const auto where = target::parse(url);
  return where ? where->host() : "none: " + where.error().text;
}

duration delay(const std::string& retry_after, const std::string& date = "") {
  auto answer = make<http::Response>([&](auto out) {
    auto fields = out.initFields(2);
    fields[0].setName("retry-after");
    fields[0].setValue(retry_after);
    fields[1].setName(date.empty() ? "x" : "date");
    fields[1].setValue(date);
  });
  return poll_delay(*answer, time_point(784'111'777s));  // Sun, 06 Nov 1994 08:49:37 GMT
}

bool refused(const std::function<void()>& said) {
  try {
    said();
  } catch (const failed& f) {
    return f.why().why == cause::invalid && !f.why().retryable;
  }
  return false;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(rules)

BOOST_AUTO_TEST_CASE(a_host_is_allowed_by_name_and_port) {
  BOOST_TEST(allows({"api.example.com"}, "https://api.example.com/x"));
  BOOST_TEST(allows({"API.example.com"}, "https://Api.Example.COM/x"));
  BOOST_TEST(allows({"api.example.com"}, "http://api.example.com/x"));
  BOOST_TEST(!allows({"api.example.com"}, "https://api.example.com:8443/"));
  BOOST_TEST(!allows({"api.example.com"}, "http://api.example.com:443/"));
  BOOST_TEST(allows({"api.example.com:8443"}, "https://api.example.com:8443/"));
  BOOST_TEST(!allows({"api.example.com:8443"}, "https://api.example.com/"));
  BOOST_TEST(allows({"api.example.com:*"}, "https://api.example.com:1/"));
  BOOST_TEST(!allows({"example.com"}, "https://api.example.com/"));
  BOOST_TEST(!allows({"example.com"}, "https://example.com.evil.org/"));
  BOOST_TEST(allows({"*.example.com"}, "https://a.b.example.com/"));
  BOOST_TEST(!allows({"*.example.com"}, "https://example.com/"));
  BOOST_TEST(!allows({"*.example.com"}, "https://evilexample.com/"));
  BOOST_TEST(!allows({"*.example.com"}, "https://example.com.evil.org/"));
  BOOST_TEST(allows({"*"}, "https://anything.org/"));
  BOOST_TEST(!allows({"*"}, "https://anything.org:8443/"));
  BOOST_TEST(allows({"[::1]:80"}, "http://[::1]/"));
  BOOST_TEST(!allows({}, "https://api.example.com/"));
}

BOOST_AUTO_TEST_CASE(patterns_that_are_none_are_named) {
  for (const char* text : {"", "a b", "https://a", "a/b", "a:0", "a:99999", "a:", ":80", "::1",
                           "a.*.b", "user@a", "*."})
    BOOST_TEST(!host_list::parse({text}), text);
}

BOOST_AUTO_TEST_CASE(a_url_is_read_once_and_strictly) {
  BOOST_TEST(host_in("https://Example.com./") == "example.com.");
  BOOST_TEST(host_in("https://0x7f.1/") == "127.0.0.1");
  BOOST_TEST(host_in("https://2130706433/") == "127.0.0.1");
  BOOST_TEST(host_in("https://0177.0.0.1/") == "127.0.0.1");
  BOOST_TEST(host_in("https://[::FFFF:7f00:1]/").starts_with("[::ffff:"));
  for (const char* url :
       {"", "/x", "example.com", "//example.com/", "ftp://example.com/", "file:///etc/passwd",
        "gopher://example.com/", "https://", "https://user@example.com/",
        "https://a:b@example.com/", "https://exa mple.com/", "https://ex\xc3\xa4mple.com/",
        "https://example.com:99999/", "https://a\r\nb/"})
    BOOST_TEST(!target::parse(url), url);
}

BOOST_AUTO_TEST_CASE(a_redirect_is_read_from_where_it_came) {
  const auto here = target::parse("https://a.example.com/x/y?z=1");
  BOOST_TEST_REQUIRE(!!here);
  BOOST_TEST(here->follow("/up")->url() == "https://a.example.com/up");
  BOOST_TEST(here->follow("beside")->url() == "https://a.example.com/x/beside");
  BOOST_TEST(here->follow("//b.example.com/")->host() == "b.example.com");
  BOOST_TEST(here->follow("http://c.example.com:81/#part")->url() == "http://c.example.com:81/");
  BOOST_TEST(!here->follow("file:///etc/passwd"));
  BOOST_TEST(!here->follow("https://user:pw@b.example.com/"));
  BOOST_TEST(here->url() == "https://a.example.com/x/y?z=1");
}

BOOST_AUTO_TEST_CASE(fields_of_secrets_and_of_the_connection_cannot_be_said) {
  for (const char* name :
       {"Authorization", "cookie", "Proxy-Authorization", "Host", "Content-Length",
        "transfer-encoding", "Connection", "Expect", "", "a b", "a:b", "a\r\nb"})
    BOOST_TEST(refused([&] { http::get("https://a/").header(name, "x"); }), name);
  BOOST_TEST(refused([] { http::get("https://a/").header("x", "a\r\nAuthorization: b"); }));
  BOOST_TEST(refused([] { http::get("https://user:pw@a/"); }));
  BOOST_TEST(!refused([] { http::get("https://a/b@c").header("X-Mail", "a@b"); }));
}

BOOST_AUTO_TEST_CASE(retry_after_is_seconds_or_a_date) {
  BOOST_TEST((delay("7") == 7s));
  BOOST_TEST((delay("0") == 1s));
  BOOST_TEST((delay("99999999999999999999999") == 24h));
  BOOST_TEST((delay("Sun, 06 Nov 1994 08:50:07 GMT") == 30s));  // from now
  BOOST_TEST((delay("Sun, 06 Nov 1994 08:50:37 GMT") == 60s));
  BOOST_TEST((delay("Sunday, 06-Nov-94 08:50:37 GMT") == 60s));
  BOOST_TEST((delay("Sun Nov  6 08:50:37 1994") == 60s));
  // From the answer's own clock, however wrong.
  BOOST_TEST((delay("Tue, 01 Jan 2030 00:01:00 GMT", "Tue, 01 Jan 2030 00:00:00 GMT") == 60s));
  BOOST_TEST((delay("Tue, 01 Jan 2030 00:01:00 GMT") == 24h));
  BOOST_TEST((delay("Sun, 06 Nov 1994 08:00:00 GMT") == 1s));
  BOOST_TEST((delay("soon") == 30s));
  BOOST_TEST((delay("-5") == 30s));
  BOOST_TEST((delay("") == 30s));
}

BOOST_AUTO_TEST_CASE(text_is_utf_8) {
  for (const char* text : {"", "abc", "\xc3\xa4", "\xe2\x82\xac", "\xf0\x9f\x98\x80", "a\xc3\xa4"})
    BOOST_TEST(is_text(text), text);
  for (const char* bytes : {"\x80", "\xc3", "\xc0\xaf", "\xe0\x80\x80", "\xed\xa0\x80", "\xff",
                            "\xf4\x90\x80\x80", "\xe2\x82", "\xf0\x9f\x98"})
    BOOST_TEST(!is_text(bytes));
  BOOST_TEST(!is_text(std::string_view("a\0b", 3)));
}

BOOST_AUTO_TEST_CASE(options_that_are_wrong_are_named) {
  const auto says = [](const std::function<void(http::options&)>& change) {
    http::options o;
    change(o);
    application app;
    const auto bound = http::bind(app, o);
    BOOST_TEST(!!bound == (app.find_activity("reprise.http") != nullptr));
    return bound ? std::string("bound") : bound.error().text;
  };
  const auto has = [](const std::string& text, const char* part) {
    BOOST_TEST(text.find(part) != text.npos, text);
  };
  has(says([](auto&) {}), "bound");
  has(says([](auto& o) { o.hosts = {"https://a"}; }), "\"https://a\"");
  has(says([](auto& o) { o.addresses = {"10.0.0.1/8"}; }), "\"10.0.0.1/8\"");
  has(says([](auto& o) { o.total = 0ms; }), "total");
  const http::token good{"a", "file", "", {"a.org"}};
  has(says([&](auto& o) { o.tokens = {good}; }), "bound");
  has(says([&](auto& o) { o.tokens = {good, good}; }), "twice");
  has(says([&](auto& o) { (o.tokens = {good})[0].variable = "V"; }), "one of the two");
  has(says([&](auto& o) { (o.tokens = {good})[0].hosts = {}; }), "no host");
  has(says([&](auto& o) { (o.tokens = {good})[0].name = "a b"; }), "name");
}

BOOST_AUTO_TEST_CASE(options_are_read_from_the_environment) {
  ::setenv("REPRISE_HTTP_ALLOW", "a.org,*.b.org:8443", 1);
  ::setenv("REPRISE_HTTP_TOKENS", "billing=/run/x=y@a.org@b.org:1", 1);
  ::setenv("REPRISE_HTTP_PLAIN", "1", 1);
  const auto o = http::options_of_environment();
  BOOST_TEST_REQUIRE(!!o);
  BOOST_TEST(o->hosts == (std::vector<std::string>{"a.org", "*.b.org:8443"}),
             boost::test_tools::per_element());
  BOOST_TEST_REQUIRE(o->tokens.size() == 1u);
  BOOST_TEST(o->tokens[0].name == "billing");
  BOOST_TEST(o->tokens[0].file == "/run/x=y");
  BOOST_TEST(o->tokens[0].hosts.size() == 2u);
  BOOST_TEST((o->plain == http::plain_http::allowed));
  ::setenv("REPRISE_HTTP_TOKENS", "billing=/run/x", 1);  // to nowhere
  BOOST_TEST(!http::options_of_environment());
  ::setenv("REPRISE_HTTP_TOKENS", "", 1);
  ::setenv("REPRISE_HTTP_PLAIN", "yes", 1);
  BOOST_TEST(!http::options_of_environment());
  for (const char* name : {"REPRISE_HTTP_ALLOW", "REPRISE_HTTP_TOKENS", "REPRISE_HTTP_PLAIN"})
    ::unsetenv(name);
  BOOST_TEST(http::options_of_environment()->hosts.empty());
}

BOOST_AUTO_TEST_SUITE_END()
