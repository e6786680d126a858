// Management URLs that open their instance, over a real node.

#include <string>

#include <boost/test/unit_test.hpp>

#include "gateway/internal/url_signer.hpp"
#include "gateway/json_in.hpp"
#include "tests/gateway/served.hpp"

namespace {

using namespace reprise::gateway;
using namespace reprise::gateway_test;
using namespace std::chrono_literals;

struct signing {
  explicit signing(std::chrono::seconds lifetime)
      : key(*make_key("starter", {"start"})), s(options_of(key.line, lifetime)) {}

  static route_options options_of(const std::string& line, std::chrono::seconds lifetime) {
    route_options options;
    options.door = std::make_shared<door>(
        known_credentials{*key_ring::read(line), nullptr,
                          std::make_shared<const url_signer>(sha256("secret"), lifetime)},
        limits());
    return options;
  }

  // The URLs that a start gives, without the server's own.
  raw_answer started(const std::string& id) {
    return s.ask("POST", df("/orchestrators/approve/" + id), "",
                 "Authorization: Bearer " + key.secret + "\r\n");
  }
  std::string url(const raw_answer& of, const std::string& name) const {
    const auto whole = reprise::gateway::json_member(of.body, name);
    return whole.substr(whole.find("/runtime"));
  }

  const fresh_key key;
  served s;
};

std::string replaced(std::string text, const std::string& part, const std::string& with) {
  const auto at = text.find(part);
  BOOST_TEST_REQUIRE(at != std::string::npos, text);
  return text.replace(at, part.size(), with);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(signed_management_urls)

BOOST_AUTO_TEST_CASE(they_open_what_they_name_and_nothing_else) {
  signing all(1h);
  const auto one = all.started("one"), two = all.started("two");
  BOOST_TEST(one.status == 202u);
  const auto status = all.url(one, "statusQueryGetUri");
  BOOST_TEST(status.find("code=rpu_") != std::string::npos, status);
  BOOST_TEST(all.s.ask("GET", status).status == 202u);
  BOOST_TEST(one.field("Location").find(status) != std::string::npos);
  // Not another instance, not the list, not /v1, not without it.
  BOOST_TEST(all.s.ask("GET", replaced(status, "/one", "/two")).status == 401u);
  BOOST_TEST(all.s.ask("GET", replaced(status, "/one", "")).status == 401u);
  const auto code = status.substr(status.find("code="));
  BOOST_TEST(all.s.ask("POST", df("/orchestrators/approve/three?" + code)).status == 401u);
  BOOST_TEST(all.s.ask("GET", "/v1/instances/one?" + code).status == 401u);
  BOOST_TEST(all.s.ask("GET", df("/instances/one")).status == 401u);
  // Its other URLs do what they say.
  const auto raise = replaced(all.url(two, "sendEventPostUri"), "{eventName}", "decision");
  BOOST_TEST(all.s.post_json(raise, R"({"x":1})").status == 202u);
  const auto terminate = replaced(all.url(one, "terminatePostUri"), "{text}", "enough");
  BOOST_TEST(all.s.ask("POST", terminate).status == 202u);
  all.s.ended("one");
  BOOST_TEST(all.s.ask("GET", status).status == 200u);
  BOOST_TEST(all.s.ask("DELETE", all.url(one, "purgeHistoryDeleteUri")).status == 200u);
}

BOOST_AUTO_TEST_CASE(they_expire) {
  signing all(0s);
  const auto refused = all.s.ask("GET", all.url(all.started("one"), "statusQueryGetUri"));
  BOOST_TEST(refused.status == 401u);
  BOOST_TEST(refused.body.find("has expired") != std::string::npos, refused.body);
}

BOOST_AUTO_TEST_CASE(a_key_in_the_request_is_not_handed_on) {
  signing all(1h);
  const auto one = all.s.ask("POST", df("/orchestrators/approve/one?code=" + all.key.secret));
  BOOST_TEST(one.status == 202u);
  BOOST_TEST(one.body.find(all.key.secret) == std::string::npos);
  BOOST_TEST(one.body.find("code=rpu_") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
