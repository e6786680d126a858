// What holds for every route: its methods, the ids and keys in it, the fields of a request's head. Tables
// over all of them, so that a new route is looked at too.

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "actors/limits.hpp"
#include "gateway/json/json_in.hpp"
#include "gateway/json/text.hpp"
#include "gateway/v1/native_routes.hpp"
#include "tests/gateway/router/row_paths.hpp"
#include "tests/gateway/served.hpp"

namespace {

using namespace reprise;
using namespace reprise::gateway_test;
using gateway::json_member;
namespace data = boost::unit_test::data;
using methods = std::set<std::string>;

const std::vector<std::string> all_methods{"GET", "POST", "DELETE", "PUT", "PATCH"};

struct path {
  std::string text;
  methods served;
};

bool leads_to(std::string_view route, std::string_view text) {
  while (!route.empty() && !text.empty()) {
    const auto wanted = route.substr(0, route.find('/', 1)),
               given = text.substr(0, text.find('/', 1));
    if (wanted != given && !wanted.starts_with("/{")) return false;
    route.remove_prefix(wanted.size());
    text.remove_prefix(given.size());
  }
  return route.empty() && text.empty();
}

// Some paths are those of two routes: an operation may be called `lock`.
std::vector<path> native_paths() {
  std::map<std::string, methods> found;
  for (const auto& route : gateway::native_rows()) found[filled(route.path)];
  std::vector<path> all;
  for (auto& [text, served] : found) {
    for (const auto& route : gateway::native_rows())
      if (leads_to(route.path, text)) served.emplace(route.method);
    all.push_back({text, std::move(served)});
  }
  return all;
}

std::vector<path> durable_paths() {
  std::vector<path> all{{"/orchestrators/echo", {"POST"}},
                        {"/orchestrators/echo/one", {"POST"}},
                        {"/instances", {"GET", "DELETE"}},
                        {"/instances/open", {"GET", "DELETE"}},
                        {"/instances/open/raiseEvent/decision", {"POST"}},
                        {"/entities", {"GET"}},
                        {"/entities/stock", {"GET"}},
                        {"/entities/stock/tea", {"GET", "POST", "DELETE"}},
                        {"/makeprimary", {"GET", "POST", "DELETE", "PUT", "PATCH"}}};
  for (const std::string verb : {"terminate", "suspend", "resume", "rewind", "restart"})
    all.push_back({"/instances/open/" + verb, {"POST"}});
  for (auto& one : all) one.text = df(one.text);
  return all;
}

methods listed(const std::string& allow) {
  methods all;
  std::string_view rest = allow;
  while (!rest.empty()) {
    const auto comma = std::min(rest.find(','), rest.size());
    all.emplace(gateway::trimmed(rest.substr(0, comma)));
    rest.remove_prefix(std::min(comma + 1, rest.size()));
  }
  return all;
}

methods allowed(methods served) {
  if (served.contains("GET")) served.insert("HEAD");
  served.insert("OPTIONS");
  return served;
}

// An instance that waits, and an actor.
struct peopled : served {
  explicit peopled(gateway::route_options options = {}) : served(std::move(options)) {
    ask("POST", df("/orchestrators/approve/open"));
    begun("open");
    post_json("/v1/actors/stock/tea/put", R"({"quantity":1})");
  }
  // Without the document, which knows neither HEAD nor OPTIONS.
  raw_answer bare(const std::string& method, const std::string& target,
                  const std::string& fields = "", const std::string& body = "") {
    const std::string host = fields.find("Host:") == std::string::npos ? "Host: localhost\r\n" : "";
    raw_client client(port());
    client.send(method + ' ' + target + " HTTP/1.1\r\n" + host + fields +
                (body.empty() ? "" : "Content-Length: " + std::to_string(body.size()) + "\r\n") +
                "\r\n" + body);
    return client.answer();
  }
  // The head of an answer to HEAD, and whether the next answer begins right behind it.
  std::string head_of(const std::string& target) {
    raw_client client(port());
    client.send("HEAD " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
    client.send("GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n");
    const auto head = client.until("\r\n\r\n");
    const auto next = client.until("\n");
    const bool closes = head.find("Connection: close") != std::string::npos;
    BOOST_TEST((closes ? next.empty() : next.starts_with("HTTP/1.1 200")), target << ": " << next);
    return head;
  }
};

unsigned status_in(const std::string& head) {
  return static_cast<unsigned>(std::stoul(head.substr(9, 3)));
}

std::string line_in(const std::string& head, const std::string& name) {
  return raw_answer{0, head, ""}.field(name);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(surfaces)

BOOST_AUTO_TEST_CASE(options_of_every_route_say_by_which_methods_it_is_served) {
  peopled s;
  for (const auto& paths : {native_paths(), durable_paths()})
    for (const auto& one : paths) {
      const auto answer = s.bare("OPTIONS", one.text);
      BOOST_TEST(answer.status == 204u, one.text);
      BOOST_TEST(listed(answer.field("Allow")) == allowed(one.served),
                 boost::test_tools::per_element());
    }
  BOOST_TEST(s.bare("OPTIONS", "/nothing").status == 404u);
  BOOST_TEST(s.bare("OPTIONS", df("/nothing")).status == 404u);
  BOOST_TEST(s.bare("OPTIONS", "*").field("Allow") == "GET, HEAD, POST, DELETE, OPTIONS");
  BOOST_TEST(s.bare("GET", "*").status == 400u);
  // Each method once, GET first.
  const auto allow = [&](const std::string& path) {
    return s.bare("OPTIONS", df(path)).field("Allow");
  };
  BOOST_TEST(allow("/entities/stock/tea") == "GET, HEAD, POST, DELETE, OPTIONS");
  BOOST_TEST(allow("/instances/@stock@tea") == "GET, HEAD, DELETE, OPTIONS");
  BOOST_TEST(allow("/makeprimary") == "GET, HEAD, POST, DELETE, PUT, PATCH, OPTIONS");
}

BOOST_AUTO_TEST_CASE(
    a_condition_is_refused_before_a_path_of_durable_functions_that_nothing_serves) {
  peopled s;
  BOOST_TEST(s.bare("POST", df("/nothing"), "If-Match: *\r\n").status == 412u);
  BOOST_TEST(s.bare("GET", df("/nothing"), "If-Match: *\r\n").status == 404u);
  BOOST_TEST(s.bare("POST", "/v1/nothing", "If-Match: *\r\n").status == 404u);
}

BOOST_AUTO_TEST_CASE(health_and_metrics_pass_over_parameters) {
  peopled s;
  for (const std::string path : {"/livez", "/readyz", "/metrics"})
    BOOST_TEST(s.bare("GET", path + "?probe=1").status == 200u, path);
  BOOST_TEST(s.bare("GET", "/openapi.json?probe=1").status == 400u);
}

BOOST_AUTO_TEST_CASE(head_is_served_wherever_get_is_and_has_no_body) {
  peopled s;
  for (const auto& paths : {native_paths(), durable_paths()})
    for (const auto& one : paths) {
      const auto head = s.head_of(one.text);
      const bool served = one.served.contains("GET"), is_df = one.text.starts_with("/runtime");
      if (!served) {
        BOOST_TEST(status_in(head) == (is_df ? 404u : 405u), one.text);
        continue;
      }
      const auto got = s.bare("GET", one.text);
      BOOST_TEST(status_in(head) == got.status, one.text);
      for (const auto name : {"Content-Type", "ETag", "Location"})
        BOOST_TEST(line_in(head, name) == got.field(name), one.text);
      if (one.text != "/metrics")
        BOOST_TEST(line_in(head, "Content-Length") == got.field("Content-Length"), one.text);
    }
}

BOOST_AUTO_TEST_CASE(every_route_refuses_an_unserved_method_and_lists_those_served) {
  peopled s;
  for (const auto& one : native_paths())
    for (const auto& method : all_methods) {
      if (one.served.contains(method)) continue;
      const auto answer = s.bare(method, one.text);
      BOOST_TEST(answer.status == 405u, method << ' ' << one.text);
      BOOST_TEST(listed(answer.field("Allow")) == allowed(one.served),
                 boost::test_tools::per_element());
    }
  for (const auto& one : durable_paths())  // as the product has it
    for (const auto& method : all_methods)
      if (!one.served.contains(method))
        BOOST_TEST(s.bare(method, one.text).status == 404u, method << ' ' << one.text);
  for (const std::string method : {"TRACE", "CONNECT"}) {
    const auto answer = s.bare(method, "/livez");
    BOOST_TEST(answer.status == 405u);
    BOOST_TEST(answer.field("Allow") == "GET, HEAD, POST, DELETE, OPTIONS");
  }
}

namespace {

struct strange {
  std::string what, text;
};
std::ostream& operator<<(std::ostream& out, const strange& s) { return out << s.what; }

const strange ids[] = {{"nothing", ""},
                       {"a dot", "."},
                       {"two dots", ".."},
                       {"a slash", "a/b"},
                       {"a backslash", "a\\b"},
                       {"a hash", "a#b"},
                       {"a question mark", "a?b"},
                       {"an at sign", "@a"},
                       {"257 bytes", std::string(257, 'x')},
                       {"the first C1 control", "a\xc2\x80"},
                       {"next line", "a\xc2\x85z"},
                       {"the last C1 control", "\xc2\x9f"},
                       {"a separator of lines", "a\xe2\x80\xa8z"},
                       {"an override",
                        "a\xe2\x80\xae"
                        "fdp.exe"},
                       {"an embedding", "\xe2\x80\xaa"},
                       {"an isolate", "\xe2\x81\xa6"},
                       {"the end of isolates", "\xe2\x81\xa9"}};

const strange fine[] = {{"three dots", "..."},
                        {"a dot first", ".a"},
                        {"a no-break space", "a\xc2\xa0z"},
                        {"hebrew", "\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d"},
                        {"a word joiner", "a\xe2\x81\xa0"},
                        {"a narrow space", "a\xe2\x80\xaf"},
                        {"256 bytes", std::string(256, 'x')}};

std::string encoded(const std::string& text) {
  std::string out;
  gateway::append_percent(out, text);
  // What the standard leaves as it is, a client may encode.
  return text.starts_with('.') ? "%2e" + out.substr(1) : out;
}

// Every place in which an id or a key is given, as a request.
struct place {
  std::string method, target, body;
};
std::vector<place> places_of(const std::string& text) {
  const auto id = encoded(text);
  std::string json = "\"";
  for (const char c : text) (json += c == '\\' ? "\\" : "") += c;
  json += '"';
  std::vector<place> all{
      {"POST", df("/orchestrators/echo/") + id, "1"},
      {"POST", "/v1/instances", R"({"orchestration":"echo","input":1,"id":)" + json + "}"},
      {"POST", "/v1/orchestrations/echo?id=" + id, "1"},
      {"POST", "/v1/instances/open/restart", R"({"id":)" + json + "}"},
      {"POST", "/v1/actors/stock/" + id + "/put", R"({"quantity":1})"},
      {"POST", df("/entities/stock/") + id + "?op=put", R"({"quantity":1})"}};
  for (const std::string verb : {"terminate", "suspend", "resume", "rewind", "restart"}) {
    all.push_back({"POST", "/v1/instances/" + id + '/' + verb, ""});
    all.push_back({"POST", df("/instances/") + id + '/' + verb, ""});
  }
  all.push_back({"POST", "/v1/instances/" + id + "/events/decision", R"({"x":1})"});
  all.push_back({"POST", df("/instances/") + id + "/raiseEvent/decision", R"({"x":1})"});
  for (const std::string what : {"", "/history", "/why", "/events"})
    all.push_back({"GET", "/v1/instances/" + id + what, ""});
  all.push_back({"DELETE", "/v1/instances/" + id, ""});
  for (const std::string method : {"GET", "DELETE"}) {
    all.push_back({method, "/v1/actors/stock/" + id + "/lock", ""});
    // What an older version stored under such a key can be removed; nothing there is removed as well.
    if (method != "DELETE" || !is_key(text)) {
      all.push_back({method, "/v1/actors/stock/" + id, ""});
      all.push_back({method, df("/entities/stock/") + id, ""});
    }
    // With @ it is the other product's name of an actor: none is purged.
    if (!text.empty() && text[0] != '@') all.push_back({method, df("/instances/") + id, ""});
  }
  return all;
}

raw_answer sent(peopled& s, const place& one) {
  return s.bare(one.method, one.target,
                one.body.empty() ? "" : "Content-Type: application/json\r\n", one.body);
}

}  // namespace

BOOST_DATA_TEST_CASE(an_id_or_key_that_breaks_the_rules_is_refused_in_every_place, data::make(ids),
                     one) {
  peopled s;
  for (const auto& place : places_of(one.text)) {
    const auto answer = sent(s, place);
    BOOST_TEST((answer.status == 400u || answer.status == 404u),
               place.method << ' ' << place.target << ' ' << place.body << ": " << answer.status);
  }
}

BOOST_DATA_TEST_CASE(an_id_or_key_that_keeps_the_rules_is_taken_and_found, data::make(fine), one) {
  peopled s;
  const auto id = encoded(one.text);
  BOOST_TEST(s.ask("POST", df("/orchestrators/approve/") + id).status == 202u);
  BOOST_TEST(s.ask("GET", "/v1/instances/" + id).status == 200u);
  BOOST_TEST(s.post_json("/v1/actors/stock/" + id + "/put", R"({"quantity":1})").status == 200u);
  BOOST_TEST(s.ask("GET", "/v1/actors/stock/" + id).status == 200u);
}

BOOST_AUTO_TEST_CASE(an_empty_id_is_not_the_list) {
  peopled s;
  BOOST_TEST(s.bare("GET", "/v1/instances/").status == 400u);
  BOOST_TEST(s.bare("DELETE", "/v1/instances/?state=completed").status == 400u);
  BOOST_TEST(s.bare("GET", "/v1/actors/stock/").status == 400u);
  BOOST_TEST(s.bare("GET", "/v1/pools/").status == 404u);
  BOOST_TEST(s.bare("GET", "//v1/pools").status == 404u);
  // But on the other surface, whose clients write the list like this.
  BOOST_TEST(s.bare("GET", df("/instances/?taskHub=x")).status == 200u);
  BOOST_TEST(s.bare("POST", df("/orchestrators/echo/"), "", "1").status == 400u);
  BOOST_TEST(s.bare("GET", df("/entities/stock/")).status == 400u);
}

namespace {

struct field_row {
  std::string fields;
  unsigned status;
};
std::ostream& operator<<(std::ostream& out, const field_row& r) {
  return out << r.fields.substr(0, r.fields.find('\r'));
}

const std::string json_type = "Content-Type: application/json\r\n";
const field_row posts[] = {
    {json_type, 200},
    {"Content-Type: application/json; charset=utf-8\r\n", 200},
    {"Content-Type: application/json;charset=\"UTF-8\"\r\n", 200},
    {"Content-Type: application/json; charset=us-ascii\r\n", 200},
    {"Content-Type: application/json; odd=1\r\n", 200},
    {"Content-Type: application/json; charset=utf-16\r\n", 415},
    {"Content-Type: application/json; odd=1; Charset = \"utf-16le\"\r\n", 415},
    {"Content-Type: application/json; charset=iso-8859-1\r\n", 415},
    {"Content-Encoding: gzip\r\n" + json_type, 415},
    {"Content-Encoding: identity, gzip\r\n" + json_type, 415},
    {"Content-Encoding: identity\r\nContent-Encoding: br\r\n" + json_type, 415},
    {"Content-Encoding: identity\r\n" + json_type, 200},
    {"Content-Encoding:\r\n" + json_type, 200},
    {"Origin: http://localhost\r\n" + json_type, 200},
    {"Origin: HTTP://LOCALHOST\r\n" + json_type, 200},
    {"Origin: https://localhost\r\n" + json_type, 403},
    {"Origin: http://localhost:80\r\n" + json_type, 403},
    {"Origin: http://localhost.evil\r\n" + json_type, 403},
    {"Origin: http://evil\r\n" + json_type, 403},
    {"Origin: null\r\n" + json_type, 403},
    {"Origin:\r\n" + json_type, 403},
    {"Origin: http://\r\n" + json_type, 403},
    {"Origin: localhost\r\n" + json_type, 403},
    {"Origin: https://shop.example\r\n" + json_type, 200},  // this server was told of it
    {"Host: localhost:0\r\n" + json_type, 200},
    {"Host: localhost:65535\r\n" + json_type, 200},
    {"Host: localhost:65536\r\n" + json_type, 400},
    {"Host: localhost:\r\n" + json_type, 400},
    {"Host: localhost:http\r\n" + json_type, 400},
    {"Host: localhost:1:2\r\n" + json_type, 400},
    {"Host: [::1]\r\n" + json_type, 200},
    {"Host: [::1]:1\r\n" + json_type, 200},
    {"Host: [::1]x\r\n" + json_type, 400},
    {"Host: [localhost]\r\n" + json_type, 400},
    {"Host: ::1\r\n" + json_type, 400},
    {"Host: elsewhere\r\n" + json_type, 421},
};

}  // namespace

BOOST_DATA_TEST_CASE(each_field_is_taken_to_its_borders_on_both_surfaces, data::make(posts), one) {
  gateway::route_options options;
  options.origins = {"https://shop.example"};
  peopled s(options);
  const std::string body = R"({"quantity":1})";
  const auto native = s.bare("POST", "/v1/actors/stock/tea/put", one.fields, body);
  BOOST_TEST(native.status == one.status);
  const auto theirs = s.bare("POST", df("/orchestrators/echo"), one.fields, body);
  BOOST_TEST(theirs.status == (one.status == 200 ? 202u : one.status));
  // What the guard refuses is refused before anybody knows where it goes.
  if (one.status > 400) {
    BOOST_TEST(native.field("Content-Type") == "application/problem+json");
    BOOST_TEST(theirs.body.starts_with("{\"Message\":"), theirs.body);
  }
}

BOOST_AUTO_TEST_CASE(a_url_that_cannot_be_read_is_told_as_its_surface_tells) {
  peopled s;
  for (const std::string end : {"/terminate?reason=a%0Ab", "/terminate?reason=%ff", "/%zz"}) {
    const auto theirs = s.bare("POST", df("/instances/open") + end);
    BOOST_TEST(theirs.status == 400u);
    BOOST_TEST(theirs.field("Content-Type") == "application/json; charset=utf-8");
    BOOST_TEST(theirs.body.starts_with("{\"Message\":"), theirs.body);
    const auto ours = s.bare("POST", "/v1/instances/open" + end);
    BOOST_TEST(ours.status == 400u);
    BOOST_TEST(json_member(ours.body, "code") == "malformed");
  }
}

BOOST_AUTO_TEST_CASE(a_whole_url_is_a_target_when_its_host_is_that_of_the_request) {
  peopled s;
  BOOST_TEST(s.bare("GET", "http://localhost/v1/version").status == 200u);
  BOOST_TEST(s.bare("GET", "HTTP://LocalHost/v1/version?").status == 200u);
  BOOST_TEST(s.bare("GET", "https://localhost/v1/version").status == 200u);
  BOOST_TEST(s.bare("GET", "http://localhost").status == 404u);
  BOOST_TEST(s.bare("GET", "http://elsewhere/v1/version").status == 400u);
  BOOST_TEST(s.bare("GET", "http://elsewhere/v1/version", "Host: elsewhere\r\n").status == 421u);
  // A relative reference would lose its host.
  const auto location =
      s.bare("POST", "http://localhost" + df("/orchestrators/echo")).field("Location");
  BOOST_TEST(location.starts_with("http://localhost/runtime/"), location);
}

BOOST_AUTO_TEST_SUITE_END()
