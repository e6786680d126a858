// Over the real program, which really dies: a letter comes from three deaths.

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include <boost/test/unit_test.hpp>

#include "gateway/cli/http_client.hpp"
#include "gateway/json/json_in.hpp"
#include "tests/gateway/cli/command_line.hpp"

namespace {

using namespace reprise;
using namespace reprise::gateway_test;
using gateway::json_member;

// A server whose instance "doomed" calls an actor that kills the process while `fuse` is there.
struct bombed {
  bombed() {
    std::string name = (std::filesystem::temp_directory_path() / "reprise-letters-XXXXXX").string();
    folder = ::mkdtemp(name.data());
    std::ofstream(fuse()) << "lit";
    for (int deaths = 0; deaths < 10; ++deaths)
      if (outlives_it()) return;
    BOOST_FAIL("nothing was set aside");
  }
  ~bombed() {
    child.reset();
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
  }

  // One life: until it dies, or until there is a letter.
  bool outlives_it() {
    child = std::make_unique<process>(std::vector<std::string>{
        REPRISE_TEST_PROGRAM, "serve", "--port", "0", "--data", folder + "/d"});
    const auto line = child->line();
    if (!line.empty()) {
      url = line.substr(line.find("http"));
      if (!letter().empty()) return true;
      // What the last life did not make durable is asked for again.
      ask("POST", "/runtime/webhooks/durabletask/orchestrators/fatal/doomed", "\"" + fuse() + "\"");
      ask("POST", "/runtime/webhooks/durabletask/instances/doomed/raiseEvent/decision", "{}");
    }
    child->end();
    return false;
  }

  gateway::client_answer ask(const std::string& method, const std::string& target,
                             const std::string& body = "") const {
    auto answer = gateway::send({url, method, target, body});
    return answer ? *answer : gateway::client_answer{};
  }
  // The first letter, as JSON.
  std::string letter() const {
    const auto page = ask("GET", "/v1/dead-letters");
    const auto all = gateway::json_text(page.body, "dead_letters");
    return all.size() > 2 ? all.substr(1, all.size() - 2) : "";
  }
  std::string fuse() const { return folder + "/fuse"; }

  std::string folder, url;
  std::unique_ptr<process> child;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(dead_letter_routes)

BOOST_AUTO_TEST_CASE(a_message_that_killed_the_process_is_listed_and_can_be_retried) {
  bombed s;
  const auto letter = s.letter();
  const auto id = json_member(letter, "id");
  BOOST_TEST(json_member(letter, "kind") == "message");
  BOOST_TEST(gateway::json_text(letter, "actor") == R"({"type":"stock","key":"bomb"})");
  BOOST_TEST(json_member(letter, "operation") == "detonate");
  BOOST_TEST(json_member(letter, "input") == s.fuse());
  BOOST_TEST(json_member(gateway::json_text(letter, "failure"), "code") == "poison");
  BOOST_TEST(json_member(letter, "crashes") == "3");
  std::filesystem::remove(s.fuse());
  BOOST_TEST(s.ask("POST", "/v1/dead-letters/" + id + "/retry").status == 204u);
  BOOST_TEST(s.letter() == "");
  // The actor takes what was put back before it takes this.
  BOOST_TEST(s.ask("POST", "/v1/actors/stock/bomb/look").body == R"({"quantity":0,"left":1})");
  BOOST_TEST(s.ask("POST", "/v1/dead-letters/" + id + "/retry").status == 404u);
}

BOOST_AUTO_TEST_CASE(a_message_that_killed_the_process_can_be_dropped) {
  bombed s;
  const auto id = json_member(s.letter(), "id");
  BOOST_TEST(s.ask("DELETE", "/v1/dead-letters/" + id).status == 204u);
  BOOST_TEST(s.letter() == "");
  BOOST_TEST(s.ask("DELETE", "/v1/dead-letters/" + id).status == 404u);
  BOOST_TEST(s.ask("POST", "/v1/actors/stock/bomb/look").body == R"({"quantity":0,"left":0})");
}

BOOST_AUTO_TEST_CASE(the_command_line_lists_retries_and_drops) {
  bombed s;
  const auto client = [&s](strings arguments) {
    arguments.insert(arguments.end(), {"--server", s.url});
    return run(arguments);
  };
  const auto list = client({"deadletter", "list"});
  const auto id = json_member(s.letter(), "id");
  BOOST_TEST(list.out == "[\n" + s.letter() + "\n]\n");
  const auto table = client({"deadletter", "list", "-o", "table"});
  BOOST_TEST(contains(table.out, id + "  message  stock  bomb  detonate  20"), table.out);
  BOOST_TEST(contains(client({"deadletter", "drop", id, "--dry-run"}).out, id));
  BOOST_TEST(client({"deadletter", "drop", id}).code == 0);
  BOOST_TEST(client({"deadletter", "retry", id}).code == 6);
  BOOST_TEST(client({"deadletter", "list", "-o", "ndjson"}).out == "");
}

BOOST_AUTO_TEST_SUITE_END()
