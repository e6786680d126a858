// Management URLs that open their instance, over a real node.

#include <fstream>
#include <iterator>
#include <string>

#include <boost/test/unit_test.hpp>

#include "gateway/internal/line_log.hpp"
#include "gateway/internal/url_signer.hpp"
#include "gateway/json_in.hpp"
#include "tests/gateway/scratch_folder.hpp"
#include "tests/gateway/served.hpp"

namespace {

using namespace reprise::gateway;
using namespace reprise::gateway_test;
using namespace std::chrono_literals;

struct signing {
  explicit signing(std::chrono::seconds lifetime, const std::string& audit = "")
      : key(*make_key("starter", {"start"})), s(options_of(key.line, lifetime, audit)) {}

  static route_options options_of(const std::string& line, std::chrono::seconds lifetime,
                                  const std::string& audit) {
    route_options options;
    if (!audit.empty()) options.logs.audit = *line_log::open(audit);
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

BOOST_AUTO_TEST_CASE(they_do_not_outlive_their_instance) {
  signing all(1h);
  const auto one = all.started("one");
  const auto status = all.url(one, "statusQueryGetUri");
  all.s.ask("POST", replaced(all.url(one, "terminatePostUri"), "{text}", "enough"));
  all.s.ended("one");
  BOOST_TEST(all.s.ask("DELETE", all.url(one, "purgeHistoryDeleteUri")).status == 200u);
  BOOST_TEST(all.s.ask("GET", status).status == 404u);
  const auto next = all.started("one");
  BOOST_TEST(next.status == 202u);
  const auto refused = all.s.ask("GET", status);
  BOOST_TEST(refused.status == 401u);
  BOOST_TEST(refused.body.find("an earlier instance") != std::string::npos, refused.body);
  BOOST_TEST(all.s.ask("POST", replaced(status, "/one?", "/one/suspend?")).status == 401u);
  BOOST_TEST(all.s.ask("GET", all.url(next, "statusQueryGetUri")).status == 202u);
}

BOOST_AUTO_TEST_CASE(they_do_not_renew_themselves) {
  signing all(1h);
  const auto one = all.started("one");
  const auto expiry_of = [&](const raw_answer& answer) {
    const auto url = all.url(answer, "statusQueryGetUri");
    return url.substr(url.find("rpu_"), 14);
  };
  const auto restart = all.url(one, "restartPostUri");
  all.s.ask("POST", replaced(all.url(one, "terminatePostUri"), "{text}", "enough"));
  all.s.ended("one");
  BOOST_TEST(all.s.ask("POST", restart).status == 403u);  // it would start another one
  BOOST_TEST(all.s.ask("POST", restart + "&restartWithNewInstanceId=true").status == 403u);
  const auto again = all.s.ask("POST", restart + "&restartWithNewInstanceId=false");
  BOOST_TEST(again.status == 202u);
  BOOST_TEST(expiry_of(again) == expiry_of(one));
  BOOST_TEST(all.s.ask("GET", all.url(one, "statusQueryGetUri")).status == 401u);
  BOOST_TEST(all.s.ask("GET", all.url(again, "statusQueryGetUri")).status == 202u);
}

BOOST_AUTO_TEST_CASE(the_audit_log_says_which_of_them_was_used) {
  const scratch_folder f;
  std::string name;
  {
    signing all(1h, f.at("audit"));
    const auto one = all.started("one");
    const auto suspend = replaced(all.url(one, "suspendPostUri"), "{text}", "lunch");
    BOOST_TEST(all.s.ask("POST", suspend).status == 202u);
    const auto code = suspend.substr(suspend.find("rpu_"));
    name = url_signer::name_of(code.substr(0, code.find('&')));
    BOOST_TEST(code.find(name) == std::string::npos);
  }
  std::ifstream file(f.at("audit"));
  const std::string lines(std::istreambuf_iterator<char>(file), {});
  BOOST_TEST(lines.find("\"principal\":\"url:" + name + "\"") != std::string::npos, lines);
}

BOOST_AUTO_TEST_CASE(a_key_in_the_request_is_not_handed_on) {
  signing all(1h);
  const auto one = all.s.ask("POST", df("/orchestrators/approve/one?code=" + all.key.secret));
  BOOST_TEST(one.status == 202u);
  BOOST_TEST(one.body.find(all.key.secret) == std::string::npos);
  BOOST_TEST(one.body.find("code=rpu_") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
