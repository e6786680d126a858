// A rewind asks again for what failed. What an earlier asking is still answered then, on its way since before
// the rewind, is no answer to that: it belongs to an earlier round.

#include <boost/test/unit_test.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/support/family.hpp"

using namespace reprise;
using namespace reprise::testing;
using namespace reprise::testing::family;
using namespace std::chrono_literals;

namespace {

// A coin, then a job; its parent gives it five seconds.
constexpr orchestration<std::string, std::string> slow{"slow"};
constexpr orchestration<std::string, std::string> hasty{"hasty"};
// Two jobs at once, the first that ends.
constexpr orchestration<none, std::string> rivals{"rivals"};

task<std::string> run_slow(value<std::string> in) {
  co_await coin();
  auto done = co_await job(*in);
  co_return *done;
}
task<std::string> run_hasty(value<std::string> in) {
  auto said = co_await slow.as("x", *in).within(5s);
  co_return "(" + *said + ")";
}
task<std::string> run_rivals() {
  auto won = co_await race(job("one"), job("two"));
  co_return std::to_string(won.index());
}

application code() {
  auto app = bound();
  app.bind(slow, run_slow).bind(hasty, run_hasty).bind(rivals, run_rivals);
  return app;
}
application speculative_code() {
  application app;
  app.bind(coin).bind(rivals, run_rivals);
  app.bind(job, do_job, speculative);
  return app;
}

using told = std::shared_ptr<std::optional<result<>>>;
told rewind_later(world& w, const std::string& id) {
  auto slot = std::make_shared<std::optional<result<>>>();
  w.at().instances().rewind(id, "again", {}, [slot](result<> r) { *slot = std::move(r); });
  return slot;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(late_answers)

// The child fails after its parent has; at each step from there on the parent is rewound. Then both have
// ended in the same way: the child's failure is not the outcome that it had in the end.
BOOST_AUTO_TEST_CASE(the_failure_of_a_child_that_is_rewound_with_its_parent_is_not_its_outcome) {
  for (const bool crash : {false, true}) {
    int overtaken = 0;  // it had failed, and its answer had not come
    for (int steps = 0; steps < 40; ++steps) {
      broken("b", true);
      world w(31, disk::memory, code);
      BOOST_REQUIRE(*w.start(hasty.as("p", std::string("b"))));
      BOOST_REQUIRE(w.run_until([&] { return w.ended("p"); }, 1min));
      w.at().instances().raise(coin.to("x", number{1}), {}, [](const auto&) {});
      for (int i = 0; i < steps; ++i) w.step();
      if (crash) {
        w.crash();
        w.open();
      }
      broken("b", false);
      const auto answer = rewind_later(w, "p");
      w.run();
      BOOST_TEST_REQUIRE((answer->has_value() && **answer), steps);
      if (end_of(w, "x") == "state 0") {  // the coin was lost with the process
        BOOST_REQUIRE(*w.raise(coin.to("x", number{1})));
        w.run();
      }
      const auto child = end_of(w, "x"), parent = end_of(w, "p");
      BOOST_TEST(parent == (child == "completed: b" ? "completed: (b)" : "failed: b is broken"),
                 "after " << steps << " steps: " << child << ", " << parent);
      overtaken += history_of(w, "x") > 7 && child == "completed: b";
      BOOST_TEST(w.waiting_records() == 0u);
    }
    BOOST_TEST(overtaken > 0);
  }
}

// Two attempts fail, the first of them ends their instance. When it is rewound nothing is broken any more:
// whatever says that it is was asked before.
BOOST_AUTO_TEST_CASE(an_answer_of_an_attempt_withdrawn_before_the_rewind_is_dropped) {
  for (const auto bind : {code, speculative_code})
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
      int rewound = 0;
      for (int steps = 0; steps < 24; ++steps) {
        for (const auto* one : {"one", "two"}) broken(one, true);
        world w(seed, disk::memory, bind);
        w.at().start(rivals.as("r").what(), {}, [](const auto&) {});
        for (int i = 0; i < steps; ++i) w.step();
        for (const auto* one : {"one", "two"}) broken(one, false);
        const auto answer = rewind_later(w, "r");
        w.run();
        if (!answer->has_value() || !**answer) continue;  // it had not failed yet
        ++rewound;
        BOOST_TEST(end_of(w, "r").starts_with("completed"), seed << " " << steps << end_of(w, "r"));
        BOOST_TEST(w.waiting_records() == 0u);
      }
      BOOST_TEST(rewound > 0);
    }
}

BOOST_AUTO_TEST_SUITE_END()
