// What no program binds yet: who waits for it is running and says so, and goes on when it is bound. One
// whose own code is missing is stalled.

#include <string>

#include <boost/test/unit_test.hpp>

#include "tests/support/parts.hpp"
#include "tests/support/world.hpp"

using namespace reprise;
using namespace reprise::testing;
using namespace std::chrono_literals;
using parts::number;

namespace {

constexpr activity<number, number> later{"later"};
constexpr orchestration<number, number> child{"child"}, worker{"worker"}, parent{"parent"};
constexpr orchestration<number, number> hurried{"hurried"};

result<number> run_later(number n) { return n + 1; }
task<number> run_child(number n) { co_return n + 2; }
task<number> run_worker(number n) {
  auto got = co_await later(n);
  co_return *got;
}
task<number> run_parent(number n) {
  auto got = co_await child(n);
  co_return *got;
}
task<number> run_hurried(number n) {
  auto got = co_await attempt(later(n).within(1h));
  co_return got ? **got : static_cast<number>(got.error().why);
}

application without() {
  auto app = parts::bound();
  app.bind(worker, run_worker).bind(parent, run_parent).bind(hurried, run_hurried);
  return app;
}
application with_all() {
  auto app = without();
  app.bind(later, run_later).bind(child, run_child);
  return app;
}

struct waiting {
  instance_state state;
  std::string for_what;
};
waiting why(world& w, const std::string& id) {
  waiting found{};
  w.at().instances().why(id, [&](const result<instance_waits>& r) {
    found = {r->state, r->reasons.empty() ? "" : r->reasons.at(0).owed_by};
  });
  w.run();
  return found;
}

number output(world& w, const std::string& id) {
  const auto s = w.status(id);
  BOOST_REQUIRE((s && *s && (*s)->outcome && *(*s)->outcome));
  return **codec<number>::decode(**(*s)->outcome);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(unbound_code)

BOOST_AUTO_TEST_CASE(an_activity_is_waited_for_until_it_is_bound) {
  world w(1, disk::memory, without);
  w.start(worker.as("i", number{1}));
  for (int opens = 0; opens < 3; ++opens) {
    w.run_until([] { return false; }, 24h);
    const auto now = why(w, "i");
    BOOST_TEST((now.state == instance_state::running));
    BOOST_TEST(now.for_what == "no code is bound for activity later");
    w.crash();
    w.open();
  }
  w.bind(with_all);
  w.crash();
  w.open();
  w.run();
  BOOST_TEST(output(w, "i") == 2);
  BOOST_TEST(w.waiting_records() == 0u);
}

BOOST_AUTO_TEST_CASE(a_child_is_waited_for_until_it_is_bound) {
  world w(1, disk::memory, without);
  w.start(parent.as("i", number{1}));
  w.run();
  const auto now = why(w, "i");
  BOOST_TEST((now.state == instance_state::running));
  BOOST_TEST(now.for_what.ends_with(", and no code is bound for orchestration child"));
  BOOST_TEST((why(w, now.for_what.substr(9, now.for_what.find(',') - 9)).state ==
              instance_state::stalled));
  w.bind(with_all);
  w.crash();
  w.open();
  w.run();
  BOOST_TEST(output(w, "i") == 3);
  BOOST_TEST(w.waiting_records() == 0u);
}

BOOST_AUTO_TEST_CASE(a_wait_for_unbound_code_ends_at_the_time_limit_of_its_step) {
  world w(1, disk::memory, without);
  w.start(hurried.as("i", number{1}));
  w.run_until([&] { return w.ended("i"); }, 2h);
  BOOST_TEST(output(w, "i") == static_cast<number>(cause::timed_out));
  BOOST_TEST(w.waiting_records() == 0u);
}

BOOST_AUTO_TEST_CASE(an_instance_whose_own_code_is_unbound_is_stalled) {
  world w(1, disk::memory, with_all);
  w.start(worker.as("i", number{1}).not_before(w.now() + 1h));
  w.run();
  w.crash();
  w.bind(parts::bound);
  w.open();
  w.run_until([] { return false; }, 2h);
  BOOST_TEST((why(w, "i").state == instance_state::stalled));
}

BOOST_AUTO_TEST_SUITE_END()
