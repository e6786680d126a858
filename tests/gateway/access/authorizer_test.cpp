// Which route needs which scope, and what a request without it gets: over a real node.

#include <future>
#include <string>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "gateway/access/jwt.hpp"
#include "gateway/json/json_in.hpp"
#include "tests/gateway/served.hpp"

namespace {

using namespace reprise;
using namespace reprise::gateway;
using namespace reprise::gateway_test;
namespace data = boost::unit_test::data;

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

struct row {
  std::string method, target;
  scope needs;
  std::string type;  // that a limited scope may name; "": none is enough
};
std::ostream& operator<<(std::ostream& out, const row& r) {
  return out << r.method << ' ' << r.target;
}

const row rows[] = {
    {"POST", df("/orchestrators/echo"), scope::start, "echo"},
    {"POST", df("/orchestrators/echo.2/some-id"), scope::start, "echo"},
    {"GET", df("/instances"), scope::read, ""},
    {"DELETE", df("/instances?createdTimeFrom=2000-01-01"), scope::manage, ""},
    {"GET", df("/instances/waits"), scope::read, "approve"},
    {"DELETE", df("/instances/waits"), scope::manage, "approve"},
    {"POST", df("/instances/waits/raiseEvent/nothing"), scope::signal, "approve"},
    {"POST", df("/instances/waits/suspend"), scope::manage, "approve"},
    {"POST", df("/instances/waits/rewind"), scope::manage, "approve"},
    {"POST", df("/instances/waits/restart"), scope::manage, "approve"},
    {"DELETE", df("/instances/@stock@tea"), scope::manage, "stock"},
    {"GET", df("/entities"), scope::read, ""},
    {"GET", df("/entities/Stock"), scope::read, "stock"},
    {"GET", df("/entities/stock/tea"), scope::read, "stock"},
    {"POST", df("/entities/stock/tea?op=forget"), scope::signal, "stock"},
    {"POST", df("/entities/stock/tea?op=Delete"), scope::manage, "stock"},
    {"DELETE", df("/entities/stock/tea"), scope::manage, "stock"},
    {"POST", df("/makeprimary"), scope::manage, ""},
    {"GET", df("/nothing"), scope::manage, ""},
    {"GET", "/v1/actors/stock", scope::read, "stock"},
    {"GET", "/v1/actors/stock/tea", scope::read, "stock"},
    {"POST", "/v1/actors/stock/tea/look", scope::signal, "stock"},
    {"DELETE", "/v1/actors/stock/tea", scope::manage, "stock"},
    {"DELETE", "/v1/actors/stock/tea/lock", scope::manage, "stock"},
    {"GET", "/v1/instances", scope::read, ""},
    {"POST", "/v1/instances", scope::start, ""},
    {"DELETE", "/v1/instances", scope::manage, ""},
    {"GET", "/v1/instances/waits", scope::read, "approve"},
    {"GET", "/v1/instances/waits/events", scope::read, "approve"},
    {"GET", "/openapi.json", scope::read, ""},
    {"GET", "/v1/instances/waits/why", scope::read, "approve"},
    {"PUT", "/v1/instances/waits", scope::start, ""},
    {"DELETE", "/v1/instances/waits", scope::manage, "approve"},
    {"POST", "/v1/instances/waits/events/go", scope::signal, "approve"},
    {"POST", "/v1/instances/waits/terminate", scope::manage, "approve"},
    {"POST", "/v1/orchestrations/echo", scope::start, "echo"},
    {"GET", "/v1/dead-letters", scope::read, ""},
    {"POST", "/v1/dead-letters/0c/retry", scope::manage, ""},
    {"DELETE", "/v1/dead-letters/0c", scope::manage, ""},
    {"GET", "/v1/actors/stock/tea/lock", scope::read, "stock"},
    {"GET", "/v1/locks", scope::read, ""},
    {"GET", "/v1/pools", scope::read, ""},
    {"GET", "/v1/devices", scope::read, ""},
    {"GET", "/v1/limits", scope::read, ""},
    {"GET", "/v1/version", scope::read, ""},
    {"GET", "/v1/what-comes-later", scope::read, ""},
    {"POST", "/v1/what-comes-later", scope::manage, ""},
    {"GET", "/", scope::read, ""},
};

// A node with an instance of `approve` that is named "waits", behind a door with one key.
class guarded {
 public:
  explicit guarded(const std::vector<std::string>& scopes, limits allowed = {})
      : key_(*make_key("client", scopes)), served_(options_of(key_.line, allowed)) {
    request what;
    what.kind = request_kind::orchestration;
    what.name = "approve";
    what.key = "waits";
    std::promise<void> started;
    served_.on().start(std::move(what), {}, [&](result<std::string>) { started.set_value(); });
    started.get_future().get();
  }

  const std::string& secret() const { return key_.secret; }
  std::string bearer() const { return "Authorization: Bearer " + key_.secret + "\r\n"; }
  raw_answer ask(const std::string& method, const std::string& target, const std::string& fields) {
    return served_.ask(method, target, "", fields);
  }
  raw_answer ask(const std::string& method, const std::string& target) {
    return ask(method, target, bearer());
  }
  raw_answer post_json(const std::string& target, const std::string& body,
                       const std::string& fields) {
    return served_.post_json(target, body, fields);
  }

 private:
  static route_options options_of(const std::string& line, const limits& allowed) {
    route_options options;
    options.authorizer = authorizer_for(line, allowed);
    return options;
  }

  const fresh_key key_;
  served served_;
};

bool is_let_in(const raw_answer& answer) {
  return answer.status != 0 && answer.status != 401 && answer.status != 403;
}

std::vector<std::string> all_but(scope one) {
  std::vector<std::string> words;
  for (const auto each : {scope::read, scope::start, scope::signal, scope::manage})
    if (each != one) words.emplace_back(name_of(each));
  return words;
}

struct credential {
  std::string what, fields;
  std::string says;
};
std::ostream& operator<<(std::ostream& out, const credential& c) { return out << c.what; }

const credential bad[] = {
    {"none", "", "say who asks"},
    {"empty field", "Authorization:\r\n", "is no key"},
    {"empty bearer", "Authorization: Bearer\r\n", "is no key"},
    {"empty bearer with spaces", "Authorization: Bearer   \r\n", "is no key"},
    {"another scheme", "Authorization: Basic YTpi\r\n", "is no key"},
    {"no scheme", "Authorization: rpk_0\r\n", "is no key"},
    {"unknown key", "Authorization: Bearer rpk_0\r\n", "not known here"},
    {"empty functions key", "x-functions-key:\r\n", "is no key"},
    {"unknown functions key", "x-functions-key: rpk_0\r\n", "not known here"},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(doors)

BOOST_DATA_TEST_CASE(each_route_needs_its_scope, data::make(rows), one) {
  guarded without(all_but(one.needs));
  const auto refused = without.ask(one.method, one.target);
  BOOST_TEST(refused.status == 403u);
  BOOST_TEST(contains(refused.body, "lacks the scope " + std::string(name_of(one.needs))),
             refused.body);
  BOOST_TEST(contains(refused.field("WWW-Authenticate"), "insufficient_scope"));
  guarded with({std::string(name_of(one.needs))});
  BOOST_TEST(is_let_in(with.ask(one.method, one.target)));
}

BOOST_DATA_TEST_CASE(a_limited_scope_opens_what_is_of_its_type, data::make(rows), one) {
  const std::string word(name_of(one.needs));
  guarded other({word + ":other"});
  BOOST_TEST(other.ask(one.method, one.target).status == 403u);
  if (one.type.empty()) return;
  guarded same({word + ":" + one.type});
  BOOST_TEST(is_let_in(same.ask(one.method, one.target)));
}

BOOST_DATA_TEST_CASE(a_request_without_a_valid_credential_gets_401, data::make(bad), one) {
  guarded g({"read"});
  for (const auto& target : {std::string("/v1/pools"), df("/instances"), std::string("/nothing")}) {
    const auto refused = g.ask("GET", target, one.fields);
    BOOST_TEST(refused.status == 401u);
    BOOST_TEST(refused.field("WWW-Authenticate").starts_with("Bearer realm=\"reprise\""));
    BOOST_TEST(contains(refused.body, one.says), refused.body);
  }
}

BOOST_AUTO_TEST_CASE(two_credentials_of_one_kind_are_malformed) {
  guarded g({"read"});
  BOOST_TEST(g.ask("GET", "/v1/pools", g.bearer() + g.bearer()).status == 400u);
  const auto key = "x-functions-key: " + g.secret() + "\r\n";
  BOOST_TEST(g.ask("GET", "/v1/pools", key + key).status == 400u);
}

BOOST_AUTO_TEST_CASE(a_key_is_accepted_in_each_of_its_places) {
  guarded g({"read"});
  BOOST_TEST(g.ask("GET", "/v1/pools", "Authorization: bEARER  " + g.secret() + "\r\n").status ==
             200u);
  BOOST_TEST(g.ask("GET", "/v1/pools", "x-functions-key: " + g.secret() + "\r\n").status == 200u);
  BOOST_TEST(g.ask("GET", df("/instances?code=" + g.secret()), "").status == 200u);
  BOOST_TEST(g.ask("GET", df("/instances?code="), "").status == 401u);
  // Only there: elsewhere an address with a key in it is a leak.
  BOOST_TEST(g.ask("GET", "/v1/pools?code=" + g.secret(), "").status == 401u);
  // What is said aloud counts.
  BOOST_TEST(
      g.ask("GET", df("/instances?code=" + g.secret()), "Authorization: Bearer x\r\n").status ==
      401u);
}

BOOST_AUTO_TEST_CASE(health_routes_are_open_without_a_key) {
  guarded g({"signal"});
  BOOST_TEST(g.ask("GET", "/livez", "").status == 200u);
  BOOST_TEST(g.ask("GET", "/readyz", "").status == 200u);
}

BOOST_AUTO_TEST_CASE(an_instance_that_is_not_there_is_not_found_by_a_limited_key) {
  guarded g({"read:approve"});
  BOOST_TEST(g.ask("GET", df("/instances/nobody")).status == 404u);
  BOOST_TEST(g.ask("GET", "/v1/instances/nobody").status == 404u);
  BOOST_TEST(g.ask("GET", "/v1/instances/%40no-id").status == 403u);
}

BOOST_AUTO_TEST_CASE(a_path_does_not_get_into_the_challenge_field) {
  guarded g({"read"});
  const auto refused = g.ask("POST", "/v1/actors/a%22%2C%20b/k/op");
  BOOST_TEST(refused.status == 403u);
  BOOST_TEST(refused.field("WWW-Authenticate") ==
             "Bearer realm=\"reprise\", error=\"insufficient_scope\", scope=\"signal\"");
}

BOOST_AUTO_TEST_CASE(an_idempotency_key_belongs_to_the_api_key_that_sent_it) {
  const auto ours = *make_key("ours", {"signal"}), theirs = *make_key("theirs", {"signal"});
  route_options options;
  options.authorizer = authorizer_for(ours.line + '\n' + theirs.line);
  served s(options);
  const auto put = [&](const fresh_key& who) {
    const auto answer =
        s.post_json("/v1/actors/stock/tea/put", R"({"quantity":1})",
                    "Idempotency-Key: k\r\nAuthorization: Bearer " + who.secret + "\r\n");
    return json_member(answer.body, "left");
  };
  BOOST_TEST(put(ours) == "1");
  BOOST_TEST(put(ours) == "1");
  BOOST_TEST(put(theirs) == "2");
}

BOOST_AUTO_TEST_CASE(a_key_that_asks_too_often_is_told_when_to_come_back) {
  limits allowed;
  allowed.rate = 2;
  guarded g({"read"}, allowed);
  raw_answer last;
  for (int i = 0; i < 20 && last.status != 429; ++i) last = g.ask("GET", "/v1/version");
  BOOST_TEST(last.status == 429u);
  BOOST_TEST(last.field("Retry-After") == "1");
  BOOST_TEST(contains(last.body, "client sends more than 2 requests a second"), last.body);
  BOOST_TEST(g.ask("GET", "/livez").status == 200u);
}

BOOST_AUTO_TEST_CASE(a_token_comes_where_a_key_comes) {
  // {"sub":"ann","aud":"shop","exp":4102444800,"scope":"read"}, HS256 with 32 times `s`
  const std::string token =
      "eyJhbGciOiJIUzI1NiJ9."
      "eyJzdWIiOiJhbm4iLCJhdWQiOiJzaG9wIiwiZXhwIjo0MTAyNDQ0ODAwLCJzY29wZSI6InJlYWQifQ."
      "_79s4mU3NtuGZa40xr0i-FoBjAHsScm2qWixwlnvOvI";
  const auto tokens = token_keys::read(
      R"({"keys":[{"kty":"oct","k":"c3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3M"}]})",
      {"shop", ""});
  BOOST_TEST_REQUIRE(!!tokens);
  route_options options;
  options.authorizer =
      std::make_shared<gateway::authorizer>(known_credentials{nullptr, *tokens}, limits{});
  served s(options);
  const auto ask = [&](const std::string& target, const std::string& secret) {
    const auto* method = target == "/v1/version" ? "GET" : "DELETE";
    return s.ask(method, target, "", "Authorization: Bearer " + secret + "\r\n");
  };
  BOOST_TEST(ask("/v1/version", token).status == 200u);
  const auto lacks = ask("/v1/dead-letters/0c", token);
  BOOST_TEST(lacks.status == 403u);
  BOOST_TEST(contains(lacks.body, "jwt:ann lacks the scope"), lacks.body);
  const auto refused = ask("/v1/version", token + "=");
  BOOST_TEST(refused.status == 401u);
  BOOST_TEST(contains(refused.body, "the token is malformed"), refused.body);
  BOOST_TEST(ask("/v1/version", "rpk_0").status == 401u);  // there are no keys
  BOOST_TEST(s.ask("GET", df("/instances?code=" + token)).status == 200u);
  BOOST_TEST(s.ask("GET", "/v1/version").status == 401u);
}

BOOST_AUTO_TEST_CASE(keys_can_be_replaced_while_the_server_runs) {
  const auto old_key = *make_key("a", {"read"}), new_key = *make_key("a", {"read"});
  route_options options;
  options.authorizer = authorizer_for(old_key.line);
  const auto authorizer = options.authorizer;
  served s(options);
  const auto status = [&](const fresh_key& who) {
    return s.ask("GET", "/v1/version", "", "Authorization: Bearer " + who.secret + "\r\n").status;
  };
  BOOST_TEST(status(old_key) == 200u);
  BOOST_TEST(status(new_key) == 401u);
  authorizer->replace({*key_ring::read(new_key.line), nullptr});
  BOOST_TEST(status(old_key) == 401u);
  BOOST_TEST(status(new_key) == 200u);
}

BOOST_AUTO_TEST_SUITE_END()
