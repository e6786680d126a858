// Management URLs that open their instance, over a real node.

#include <fstream>
#include <future>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "gateway/access/url_signer.hpp"
#include "gateway/durable_functions/durable_functions.hpp"
#include "gateway/durable_functions/instance_view.hpp"
#include "gateway/json/json_in.hpp"
#include "gateway/observe/line_log.hpp"
#include "gateway/wire/target.hpp"
#include "tests/gateway/scratch_folder.hpp"
#include "tests/gateway/served.hpp"
#include "tests/gateway/server/hasty_reply.hpp"

namespace {

using namespace reprise::gateway;
using namespace reprise::gateway_test;
using namespace std::chrono_literals;
using reprise::instance_status;
using reprise::time_point;
using reprise::with_history;

struct signing {
  explicit signing(std::chrono::seconds lifetime, const std::string& audit = "",
                   const std::vector<std::string>& scopes = {"start"})
      : key(*make_key("starter", scopes)),
        options(options_of(key.line, lifetime, audit)),
        s(options) {}

  static route_options options_of(const std::string& line, std::chrono::seconds lifetime,
                                  const std::string& audit) {
    route_options options;
    if (!audit.empty()) options.logs.audit = *line_log::open(audit);
    options.authorizer = std::make_shared<authorizer>(
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

  // What the routes answer to whoever came by a URL of the instance that was created then.
  http_response behind_the_door(const std::string& method, const std::string& path,
                                time_point created) {
    http_request request;
    request.method = method;
    request.target = df(path);
    request.content_type = "application/json";
    request.body = method == "POST" ? R"({"x":1})" : "";
    auto where = *parse_target(request.target);
    server_context server(s.on(), options);
    hasty_reply reply;
    serve_durable_functions(std::make_shared<request_context>(
        server, std::move(request), std::move(where), reply.to(), signed_url{created, 2h}));
    return reply.told();
  }

  const fresh_key key;
  const route_options options;
  served s;
};

std::string replaced(std::string text, const std::string& part, const std::string& with) {
  const auto at = text.find(part);
  BOOST_TEST_REQUIRE(at != std::string::npos, text);
  return text.replace(at, part.size(), with);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(signed_management_urls)

BOOST_AUTO_TEST_CASE(a_signed_url_opens_what_it_names_and_nothing_else) {
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
  const std::string children_too = "&recursive=true";  // which are other instances
  BOOST_TEST(all.s.ask("POST", terminate + children_too).status == 403u);
  BOOST_TEST(all.s.ask("GET", status).status == 202u);
  BOOST_TEST(all.s.ask("POST", terminate).status == 202u);
  all.s.ended("one");
  const auto purge = all.url(one, "purgeHistoryDeleteUri");
  BOOST_TEST(all.s.ask("DELETE", purge + children_too).status == 403u);
  BOOST_TEST(all.s.ask("GET", status).status == 200u);
  BOOST_TEST(all.s.ask("DELETE", purge).status == 200u);
}

BOOST_AUTO_TEST_CASE(a_signed_url_expires) {
  signing all(0s);
  const auto refused = all.s.ask("GET", all.url(all.started("one"), "statusQueryGetUri"));
  BOOST_TEST(refused.status == 401u);
  BOOST_TEST(refused.body.find("has expired") != std::string::npos, refused.body);
}

BOOST_AUTO_TEST_CASE(a_signed_url_does_not_outlive_its_instance) {
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

BOOST_AUTO_TEST_CASE(a_signed_url_does_not_renew_itself) {
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

BOOST_AUTO_TEST_CASE(the_audit_log_says_which_signed_url_was_used) {
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

// The instance is looked up before the route runs. Here another has its id since that look: the routes get
// what the look found, and reach nobody.
BOOST_AUTO_TEST_CASE(a_signed_url_does_not_reach_an_instance_that_takes_the_id_meanwhile) {
  signing all(1h);
  BOOST_TEST(all.started("one").status == 202u);
  all.s.begun("one");
  const auto now = [&] {
    std::promise<instance_status> found;
    all.s.on().instances().status("one", with_history::no,
                                  [&](auto r) { found.set_value(std::move(*r)); });
    return found.get_future().get();
  };
  const auto first = now();
  const std::pair<const char*, const char*> requests[] = {
      {"GET", "/instances/one"},
      {"POST", "/instances/one/raiseEvent/decision"},
      {"POST", "/instances/one/raiseEvent/nothing"},
      {"POST", "/instances/one/suspend"},
      {"POST", "/instances/one/resume"},
      {"POST", "/instances/one/rewind"},
      {"POST", "/instances/one/restart?restartWithNewInstanceId=false"},
      {"POST", "/instances/one/terminate"},
      {"DELETE", "/instances/one"},
  };
  for (const auto& [method, path] : requests) {
    const auto answer = all.behind_the_door(method, path, first.created - 1s);
    BOOST_TEST(answer.status == 401u, path << ' ' << answer.status << answer.body);
    BOOST_TEST(answer.body.find("an earlier instance") != std::string::npos, path << answer.body);
    const auto after = now();
    BOOST_TEST((after.updated == first.updated && after.state == first.state), path);
  }
  BOOST_TEST(all.behind_the_door("POST", "/instances/one/suspend", first.created).status == 202u);
}

// Of an instance that was purged before its URLs were made: nothing opens it, and the caller's key no more
// than anything else.
BOOST_AUTO_TEST_CASE(an_unsigned_url_does_not_carry_the_callers_key) {
  const auto asked = *parse_target("/orchestrators/approve/one?code=mine");
  const auto urls = urls_of("http://here", "one", asked, "");
  BOOST_TEST(urls.body.find("mine") == std::string::npos, urls.body);
  BOOST_TEST(urls.status_url.find("code=") == std::string::npos, urls.status_url);
}

BOOST_AUTO_TEST_CASE(no_answer_holds_the_key_that_it_was_asked_with) {
  signing all(1h, "", {"read", "start", "signal", "manage"});
  BOOST_TEST(all.started("one").status == 202u);
  all.s.begun("one");
  const auto& secret = all.key.secret;
  const auto check = [&](std::string_view method, const std::string& path,
                         const raw_answer& answer) {
    BOOST_TEST(answer.status != 0u);
    BOOST_TEST((answer.head + answer.body).find(secret) == std::string::npos,
               method << ' ' << path << ": " << answer.head << answer.body);
  };
  const std::pair<const char*, const char*> requests[] = {
      {"POST", "/orchestrators/approve/two"},
      {"POST", "/orchestrators/nothing"},
      {"GET", "/instances"},
      {"GET", "/instances/one"},
      {"GET", "/instances/one?showHistory=true&showHistoryOutput=true"},
      {"GET", "/instances/nobody"},
      {"POST", "/instances/one/raiseEvent/nothing"},
      {"POST", "/instances/one/suspend"},
      {"POST", "/instances/one/resume"},
      {"POST", "/instances/one/rewind"},
      {"POST", "/instances/one/restart"},
      {"POST", "/instances/two/terminate"},
      {"POST", "/instances/two/restart?timeout=1"},
      {"DELETE", "/instances/one"},
      {"GET", "/entities"},
      {"GET", "/nothing"},
  };
  for (const auto& [method, path] : requests) {
    check(method, path,
          all.s.ask(method, df(path), "", "Authorization: Bearer " + secret + "\r\n"));
    check(method, path, all.s.ask(method, df(path), "", "x-functions-key: " + secret + "\r\n"));
    const std::string before = std::string(path).find('?') == std::string::npos ? "?" : "&";
    check(method, path, all.s.ask(method, df(path) + before + "co%64e=" + secret));
  }
  const std::pair<const char*, const char*> native[] = {
      {"GET", "/v1/instances"},
      {"GET", "/v1/instances/one"},
      {"GET", "/v1/instances/nobody"},
      {"GET", "/v1/instances/one/why"},
      {"GET", "/v1/nothing"},
      {"POST", "/v1/instances/one/rewind"},
      {"POST", "/v1/orchestrations/approve"},
  };
  for (const auto& [method, path] : native)
    check(method, path, all.s.ask(method, path, "", "Authorization: Bearer " + secret + "\r\n"));
  check("GET", "/v1/instances", all.s.ask("GET", "/v1/instances?code=" + secret));
}

BOOST_AUTO_TEST_CASE(a_key_in_the_request_is_not_handed_on) {
  signing all(1h);
  const auto one = all.s.ask("POST", df("/orchestrators/approve/one?code=" + all.key.secret));
  BOOST_TEST(one.status == 202u);
  BOOST_TEST(one.body.find(all.key.secret) == std::string::npos);
  BOOST_TEST(one.body.find("code=rpu_") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
