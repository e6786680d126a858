// Critical sections on real threads: many at once over few actors, and over a restart.

#include <boost/test/unit_test.hpp>

#include <filesystem>

#include "runtime/node.hpp"
#include "tests/gateway/until.hpp"
#include "tests/support/parts.hpp"

using namespace reprise;
namespace parts = reprise::testing::parts;
using parts::names;
using parts::number;

namespace {

std::unique_ptr<node> opened(const std::string& data) {
  auto n = node::open({.data = data}, parts::bound());
  BOOST_REQUIRE_MESSAGE(n, (n ? "" : n.error().text));
  return std::move(*n);
}

std::string account(int i) { return "m" + std::to_string(i); }

number all_of_them(node& n, int accounts) {
  number sum = 0;
  for (int i = 0; i < accounts; ++i) sum += **n.ask(parts::read(account(i))).get();
  return sum;
}

std::string shown_by(node& n, const char* id) {
  handle<std::string> shown;
  n.instances().status(id, with_history::no, [shown](result<instance_status> s) {
    shown.set(s ? result<std::string>(s->custom_status) : result<std::string>(s.error()));
  });
  return *shown.get();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(sections_on_threads)

BOOST_AUTO_TEST_CASE(hundreds_of_transfers_end_and_no_call_comes_between_their_steps) {
  constexpr int accounts = 5, transfers = 400;
  auto name = (std::filesystem::temp_directory_path() / "reprise-embed-XXXXXX").string();
  BOOST_REQUIRE(::mkdtemp(name.data()) != nullptr);
  {
    auto n = opened(name + "/data");
    for (int i = 0; i < accounts; ++i)
      BOOST_REQUIRE(n->ask(parts::add(account(i), number{1'000})).get());
    std::vector<handle<value<number>>> ends, seen;
    for (int i = 0; i < transfers; ++i) {
      const auto from = account(i % accounts), to = account((i * 3 + 1 + i % 2) % accounts);
      ends.push_back(n->ask(parts::transfer.as("t" + std::to_string(i), names{from, to})));
      seen.push_back(n->ask(parts::add(from, number{0})));
    }
    for (auto& one : ends) {
      const auto between = one.get();
      BOOST_REQUIRE_MESSAGE(between, (between ? "" : between.error().text));
      BOOST_TEST(**between == 0);
    }
    for (auto& one : seen) BOOST_TEST(static_cast<bool>(one.get()));
    BOOST_TEST(all_of_them(*n, accounts) == accounts * 1'000);
    BOOST_REQUIRE(n->start(parts::hold.as("h", names{account(0)})).get());
    gateway_test::until([&] { return shown_by(*n, "h") == "\"held\""; });
    n->close();
  }
  {
    auto n = opened(name + "/data");
    auto waits = n->ask(parts::add(account(0), number{0}));
    BOOST_TEST(**n->ask(parts::read(account(1))).get() > 0);
    BOOST_TEST(!waits.ready());
    handle<done_t> released;
    n->operate().unlock({"tally", account(0)}, {}, [released](result<> r) {
      released.set(r ? result<done_t>(done) : result<done_t>(r.error()));
    });
    BOOST_TEST(static_cast<bool>(released.get()));
    BOOST_TEST(static_cast<bool>(waits.get()));
    BOOST_TEST(all_of_them(*n, accounts) == accounts * 1'000);
  }
  std::filesystem::remove_all(name);
}

BOOST_AUTO_TEST_SUITE_END()
