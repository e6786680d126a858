#include <fstream>
#include <regex>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "gateway/json/json_in.hpp"
#include "gateway/observe/line_log.hpp"
#include "tests/gateway/scratch_folder.hpp"
#include "tests/gateway/served.hpp"

namespace {

using namespace reprise;
using namespace reprise::gateway;
using namespace reprise::gateway_test;
using strings = std::vector<std::string>;

strings lines_of(const std::string& path) {
  std::ifstream file(path);
  strings lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

std::shared_ptr<line_log> opened(const std::string& path) {
  auto log = line_log::open(path);
  BOOST_TEST_REQUIRE(!!log);
  return *log;
}

// What may differ from run to run is hidden.
std::string steady(const std::string& line) {
  static const std::regex time(R"("time":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z")"),
      seconds(R"("seconds":[0-9.e-]+)"), id(R"("id":"[0-9a-f]{32}")");
  auto text = std::regex_replace(line, time, "T");
  text = std::regex_replace(text, seconds, "S");
  return std::regex_replace(text, id, "I");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(request_log)

BOOST_AUTO_TEST_CASE(each_request_is_a_line_and_what_may_change_something_is_audited) {
  const scratch_folder f;
  const auto key = *make_key("ops", {"read", "start", "signal"});
  route_options options;
  options.authorizer = authorizer_for(key.line);
  options.logs.access = opened(f.at("access"));
  options.logs.audit = opened(f.at("audit"));
  {
    served s(options);
    const auto bearer = "Authorization: Bearer " + key.secret + "\r\n";
    s.ask("GET", "/v1/version?x=secret", "", bearer);
    s.post_json("/v1/actors/stock/t%22a/put", R"({"quantity":1})", bearer);
    s.post_json(df("/orchestrators/echo?code=" + key.secret), "1");
    s.ask("DELETE", "/v1/actors/stock/tea", "", bearer);
    s.ask("POST", df("/instances/nobody/terminate"));
    s.ask("GET", "/livez");
  }
  options = {};
  const strings expected{
      R"({T,"principal":"ops","peer":"127.0.0.1","method":"GET","path":"/v1/version","route":"node","status":400,S})",
      R"({T,"principal":"ops","peer":"127.0.0.1","method":"POST","path":"/v1/actors/stock/t%22a/put","route":"actor.call","type":"stock","operation":"put","id":"t\"a","status":200,S})",
      R"({T,"principal":"ops","peer":"127.0.0.1","method":"POST","path":"/runtime/webhooks/durabletask/orchestrators/echo","route":"instance.start","type":"echo",I,"status":202,S})",
      R"({T,"principal":"ops","peer":"127.0.0.1","method":"DELETE","path":"/v1/actors/stock/tea","route":"actor.delete","type":"stock","id":"tea","status":403,S})",
      R"({T,"peer":"127.0.0.1","method":"POST","path":"/runtime/webhooks/durabletask/instances/nobody/terminate","route":"instance.terminate","id":"nobody","status":401,S})"};
  const auto all = lines_of(f.at("access")), audited = lines_of(f.at("audit"));
  BOOST_TEST_REQUIRE(all.size() == expected.size());
  BOOST_TEST_REQUIRE(audited.size() == expected.size() - 1);
  for (std::size_t i = 0; i < all.size(); ++i) {
    BOOST_TEST(steady(all[i]) == expected[i]);
    BOOST_TEST(!!check_json(all[i]));
    if (i > 0) BOOST_TEST(audited[i - 1] == all[i]);
  }
}

BOOST_AUTO_TEST_CASE(a_file_that_was_moved_away_is_opened_anew) {
  const scratch_folder f;
  auto log = opened(f.at("log"));
  log->append("one");
  std::filesystem::rename(f.at("log"), f.at("log.1"));
  log->reopen();
  log->append("two");
  log.reset();
  const auto first = lines_of(f.at("log.1")), second = lines_of(f.at("log"));
  // The thread may have taken both at once: then both are in the new file.
  BOOST_TEST(first.size() + second.size() == 2u);
  BOOST_TEST_REQUIRE(!second.empty());
  BOOST_TEST(second.back() == "two");
}

BOOST_AUTO_TEST_CASE(lines_that_cannot_be_kept_are_dropped_and_counted) {
  const auto log = opened("/dev/full");
  log->append("lost");
  until([&] { return log->dropped() > 0; });
  BOOST_TEST(log->dropped() == 1u);
  log->append(std::string(line_log::max_waiting, 'x'));
  BOOST_TEST(log->dropped() == 2u);
}

BOOST_AUTO_TEST_CASE(a_file_that_cannot_be_written_is_named) {
  const auto log = line_log::open("/nonexistent/log");
  BOOST_TEST_REQUIRE(!log);
  BOOST_TEST(log.error().text.starts_with("cannot write the log /nonexistent/log: "));
}

BOOST_AUTO_TEST_SUITE_END()
