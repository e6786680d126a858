// Backup and restore by the real program: of a server under load, and of what is refused.

#include <atomic>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "gateway/cli/http_client.hpp"
#include "gateway/json/json_in.hpp"
#include "tests/gateway/cli/command_line.hpp"
#include "tests/gateway/environment_variable.hpp"

namespace {

using namespace reprise::gateway_test;
using reprise::gateway::json_member;

constexpr std::uint64_t shelves = 3;

// Puts one thing after the other, on the shelves in turn, each after the last was acknowledged.
class load {
 public:
  explicit load(std::string url) : url_(std::move(url)), thread_([this] { run(); }) {}
  ~load() {
    stopped_ = true;
    thread_.join();
  }
  load(const load&) = delete;

  std::uint64_t acknowledged() const { return acknowledged_; }
  std::uint64_t sent() const { return sent_; }
  void advance(std::uint64_t by) const {
    const auto last = acknowledged() + by;
    until([&] { return acknowledged() >= last || stopped_; });
  }

 private:
  void run() {
    while (!stopped_) {
      const auto shelf = std::to_string(sent_++ % shelves);
      const auto answer = reprise::gateway::send(
          {url_, "POST", "/v1/actors/stock/" + shelf + "/put", R"({"quantity":1})"});
      if (!answer || answer->status != 200) {
        stopped_ = true;
        return;
      }
      ++acknowledged_;
    }
  }

  const std::string url_;
  std::atomic<std::uint64_t> sent_{0}, acknowledged_{0};
  std::atomic<bool> stopped_{false};
  std::thread thread_;
};

std::uint64_t left_on(const serving& s, std::uint64_t shelf) {
  const auto state = s.client({"actor", "get", "stock", std::to_string(shelf)});
  return state.code == 0 ? std::stoull(json_member(state.out, "left")) : 0;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(backup)

BOOST_AUTO_TEST_CASE(a_backup_of_a_server_under_load_restores_to_a_prefix_of_what_was_done) {
  folder f;
  serving live({"--data", f.path + "/live"});
  std::vector<std::pair<std::uint64_t, std::uint64_t>> bounds;
  {
    load client(live.url);
    for (int i = 0; i < 3; ++i) {
      client.advance(60);
      const auto before = client.acknowledged();
      const auto made =
          run({"store", "backup", f.path + "/live", f.path + "/b" + std::to_string(i)});
      BOOST_TEST(made.code == 0, made.err);
      bounds.emplace_back(before, client.sent());
    }
    live.child.signal(SIGKILL);
  }
  for (std::size_t i = 0; i < bounds.size(); ++i) {
    const auto number = std::to_string(i);
    BOOST_TEST(run({"store", "check", f.path + "/b" + number}).code == 0);
    const auto made = run({"store", "restore", f.path + "/b" + number, f.path + "/r" + number});
    BOOST_TEST_REQUIRE(made.code == 0, made.err);
    serving again({"--data", f.path + "/r" + number});
    std::uint64_t total = 0;
    std::vector<std::uint64_t> counts;
    for (std::uint64_t shelf = 0; shelf < shelves; ++shelf)
      total += counts.emplace_back(left_on(again, shelf));
    BOOST_TEST(total >= bounds[i].first);
    BOOST_TEST(total <= bounds[i].second);
    // Those that were done first, and no others.
    for (std::uint64_t shelf = 0; shelf < shelves; ++shelf)
      BOOST_TEST(counts[shelf] == (total + shelves - 1 - shelf) / shelves);
  }
}

BOOST_AUTO_TEST_CASE(a_folder_that_is_there_already_is_left_as_it_is) {
  folder f;
  {
    serving s({"--data", f.path + "/d"});
    BOOST_TEST(s.client({"start", "approve", "--id", "one"}).code == 0);
    s.child.signal(SIGTERM);
    BOOST_TEST(s.child.end() == 0);
  }
  std::filesystem::create_directory(f.path + "/mine");
  std::ofstream(f.path + "/mine/notes") << "mine";
  const auto refused = run({"store", "backup", f.path + "/d", f.path + "/mine"});
  BOOST_TEST(refused.code == 1);
  BOOST_TEST(contains(refused.err, "/mine is there and not an empty folder"), refused.err);
  BOOST_TEST(run({"store", "backup", f.path + "/mine", f.path + "/b"}).code == 1);
  BOOST_TEST(run({"store", "backup", f.path + "/d", f.path + "/b"}).code == 0);
  BOOST_TEST(run({"store", "restore", f.path + "/b", f.path + "/d"}).code == 1);
  strings to_try{"store", "restore", f.path + "/b", f.path + "/r", "--dry-run"};
  const auto dry = run(to_try);
  BOOST_TEST(dry.code == 0);
  BOOST_TEST(contains(dry.out, R"("dry_run":true)"), dry.out);
  to_try.insert(to_try.end(), {"-o", "table"});
  BOOST_TEST(contains(run(to_try).out, "would restore"));
  BOOST_TEST(!std::filesystem::exists(f.path + "/r"));
  serving s({"--data", f.path + "/b"});  // a backup is a folder like any other
  BOOST_TEST(s.client({"get", "one"}).code == 0);
}

BOOST_AUTO_TEST_CASE(a_damaged_backup_is_not_restored) {
  folder f;
  {
    serving s({"--data", f.path + "/d"});
    BOOST_TEST(s.client({"start", "echo", "--id", "one", "--input", "\"a mark to find\"", "--wait"})
                   .code == 0);
  }
  BOOST_TEST(run({"store", "backup", f.path + "/d", f.path + "/b"}).code == 0);
  const auto file = f.path + "/b/tables/data.mdb";
  std::fstream bytes(file, std::ios::in | std::ios::out | std::ios::binary);
  const std::string all{std::istreambuf_iterator<char>(bytes), {}};
  const auto at = all.find("a mark to find");
  BOOST_TEST_REQUIRE(at != std::string::npos);
  bytes.seekp(static_cast<std::streamoff>(at));
  bytes << 'b';
  bytes.close();
  const auto found = run({"store", "check", f.path + "/b", "-o", "ndjson"});
  BOOST_TEST(found.code == 1);
  BOOST_TEST(contains(found.out, R"("sound":false)"), found.out);
  BOOST_TEST(contains(found.out, "does not fit its checksum"), found.out);
  const auto refused = run({"store", "restore", f.path + "/b", f.path + "/r"});
  BOOST_TEST(refused.code == 1);
  BOOST_TEST(contains(refused.err, "does not fit its checksum"), refused.err);
  BOOST_TEST(contains(refused.err, "nothing was restored"), refused.err);
  BOOST_TEST(!std::filesystem::exists(f.path + "/r"));
}

BOOST_AUTO_TEST_CASE(a_terminal_shows_how_far_checking_and_copying_are) {
  folder f;
  {
    serving s({"--data", f.path + "/d"});
    BOOST_TEST(s.client({"start", "echo", "--id", "one", "--input", "1", "--wait"}).code == 0);
    s.child.signal(SIGTERM);
    BOOST_TEST(s.child.end() == 0);
  }
  const environment_variable kind("TERM", "xterm");
  const auto shown_of = [](strings arguments) {
    arguments.insert(arguments.begin(), REPRISE_TEST_PROGRAM);
    process p(std::move(arguments), process::errors_to::terminal);
    auto shown = p.err();
    BOOST_TEST(p.end() == 0, shown);
    return shown;
  };
  const std::string full(30, '#'), gone = "\r\x1b[K";
  const strings check{"store", "check", f.path + "/d", "-o", "json"};
  const auto checked = shown_of(check);
  BOOST_TEST(contains(checked, "checking [" + full + "]"), checked);
  BOOST_TEST(checked.ends_with(gone), checked);
  const auto restored = shown_of({"store", "restore", f.path + "/d", f.path + "/r"});
  BOOST_TEST(contains(restored, "checking ["), restored);
  BOOST_TEST(contains(restored, "copying ["), restored);
  BOOST_TEST(run(check).err == "");  // no terminal
}

BOOST_AUTO_TEST_SUITE_END()
