// What a status page says of an instance follows from what the instance is, whatever was done to it.

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <string>

#include "tests/support/family.hpp"

using namespace reprise;
using namespace reprise::testing;
using namespace reprise::testing::family;
using namespace std::chrono_literals;
namespace data = boost::unit_test::data;

namespace {

// Each letter is done to an instance that waits for a coin: s suspends, r resumes, c raises a coin, x is a
// crash, d passes the time of its start.
struct row {
  const char* deeds;
  instance_state soon;   // one without a time of its own
  instance_state later;  // one whose time is a month from now
};
std::ostream& operator<<(std::ostream& out, const row& r) { return out << '"' << r.deeds << '"'; }

using enum instance_state;
const row rows[] = {
    {"", running, pending},         {"x", running, pending},      {"s", suspended, suspended},
    {"sr", running, pending},       {"srx", running, pending},    {"sxr", running, pending},
    {"srsr", running, pending},     {"scr", completed, pending},  {"c", completed, pending},
    {"cs", completed, suspended},   {"csr", completed, pending},  {"srd", running, running},
    {"sd", suspended, suspended},   {"sdr", running, running},    {"sdxr", running, running},
    {"scrd", completed, completed}, {"cd", completed, completed}, {"srcxd", completed, completed},
};

void carry_out(world& w, const char* deeds, const std::string& id) {
  for (const char* deed = deeds; *deed != '\0'; ++deed) {
    if (*deed == 's') (void)suspend(w, id);
    if (*deed == 'r') (void)resume(w, id);
    if (*deed == 'c') (void)w.raise(coin.to(id, number{1}));
    if (*deed == 'd') w.advance(31 * 24h);
    if (*deed == 'x') {
      w.crash();
      w.open();
    }
    w.run();
  }
}

instance_status listed(world& w, const std::string& id) {
  instance_filter only;
  only.prefix = id;
  const auto page = answer<instance_page>(w, [&](auto told) {
    w.at().instances().list(only, {"", 10}, std::move(told));
  });
  BOOST_REQUIRE((page && *page && (*page)->instances.size() == 1u));
  return (*page)->instances.front();
}

constexpr event<number> forgotten{"forgotten"};
constexpr orchestration<none, number> waits_in_vain{"waits_in_vain"};
task<number> run_in_vain() {
  auto got = co_await forgotten();
  co_return *got;
}
application with_a_forgotten_event() {
  auto app = bound();
  app.bind(waits_in_vain, run_in_vain);
  return app;
}
application with_the_event() {
  auto app = with_a_forgotten_event();
  app.bind(forgotten);
  return app;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(shown_states)

BOOST_DATA_TEST_CASE(a_page_and_a_list_show_the_same_state_of_an_instance, data::make(rows), one) {
  world w(31, disk::memory, bound);
  const auto due = w.now() + 30 * 24h;
  BOOST_REQUIRE(*w.start(kid.as("soon", std::string("wait"))));
  BOOST_REQUIRE(*w.start(kid.as("later", std::string("wait")).not_before(due)));
  w.run();
  const bool passed = std::string(one.deeds).find('d') != std::string::npos;
  for (const std::string id : {"soon", "later"}) {
    carry_out(w, one.deeds, id);
    const auto wanted = id == "soon" ? one.soon : one.later;
    const bool scheduled = id == "later" && !passed;
    for (const auto& shown : {page_of(w, id), listed(w, id)}) {
      BOOST_TEST((shown.state == wanted), id << " is " << static_cast<int>(shown.state));
      BOOST_TEST((shown.due == (scheduled ? due : time_point{})), id);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_wait_for_an_event_that_nobody_binds_is_a_finding) {
  world w(32, disk::memory, with_a_forgotten_event);
  BOOST_REQUIRE(*w.start(waits_in_vain.as("v")));
  w.run();
  const auto about = [](const std::string& line) {
    return line.find("waits for event forgotten, which this program does not bind") != line.npos;
  };
  BOOST_TEST(std::count_if(w.said.begin(), w.said.end(), about) == 1);
  const auto owed = [&] {
    const auto waits =
        answer<instance_waits>(w, [&](auto told) { w.at().instances().why("v", std::move(told)); });
    BOOST_REQUIRE((waits && *waits && (*waits)->reasons.size() == 1u));
    return (*waits)->reasons.front().owed_by;
  };
  BOOST_TEST(
      owed() ==
      "nobody: event forgotten is not bound in this program, so it cannot be raised; bind it");
  w.close();
  w.bind(with_the_event);
  w.open();
  BOOST_TEST(owed() == "whoever raises the event");
}

BOOST_AUTO_TEST_SUITE_END()
