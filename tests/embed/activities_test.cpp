// Activities that take long: how far they are, and being told that nobody waits, on real threads.

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <condition_variable>
#include <future>
#include <mutex>
#include <string>

#include "runtime/node.hpp"

using namespace reprise;

namespace {

constexpr activity<std::string, std::string> dig{"dig"};
constexpr orchestration<std::string, std::string> tunnel{"tunnel"};

task<std::string> run_tunnel(std::string name) {
  auto done = co_await dig(name);
  co_return *done;
}

constexpr activity<std::string, std::string> haul{"haul"};
constexpr orchestration<std::string, std::string> quarry{"quarry"};

task<std::string> run_quarry(std::string name) {
  auto dug = co_await begin(dig(name));
  auto hauled = co_await haul(name);
  auto what = co_await std::move(dug);
  co_return *hauled + ", " + *what;
}

// What the test and the activity tell each other.
struct site {
  std::promise<void> half_way, cancelled;
  std::promise<void> go_on;
};

application bound(site& at) {
  application app;
  app.bind(dig, [&at](std::string name, attempt_context& here) -> result<std::string> {
    here.report(std::string("surveyed"));
    here.report(std::int64_t{50});
    at.half_way.set_value();
    std::mutex mutex;
    std::condition_variable_any told;
    std::unique_lock lock(mutex);
    if (name == "until cancelled") {
      told.wait(lock, here.stop(), [] { return false; });
      at.cancelled.set_value();
      return fail("cancelled");
    }
    at.go_on.get_future().wait();
    return name;
  });
  app.bind(tunnel, run_tunnel);
  return app;
}

std::unique_ptr<node> opened(application app) {
  auto n = node::open({}, std::move(app));
  BOOST_REQUIRE_MESSAGE(n, (n ? "" : n.error().text));
  return std::move(*n);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(long_activities)

BOOST_AUTO_TEST_CASE(the_progress_of_an_activity_is_seen_while_it_runs) {
  site at;
  auto n = opened(bound(at));
  const auto id = n->start(tunnel.as("t", "north")).get();
  BOOST_REQUIRE(id);
  at.half_way.get_future().wait();
  const auto running = n->operate().activities("t");
  BOOST_TEST_REQUIRE(running.size() == 1u);
  BOOST_TEST(running[0].name == "dig");
  BOOST_TEST(running[0].attempt == 1u);
  BOOST_TEST(running[0].began.has_value());
  BOOST_TEST(running[0].progress == "50");
  std::promise<instance_waits> asked;
  n->instances().why("t",
                     [&](result<instance_waits> w) { asked.set_value(w ? *w : instance_waits{}); });
  const auto waits = asked.get_future().get();
  BOOST_TEST_REQUIRE(waits.reasons.size() == 1u);
  BOOST_TEST(waits.reasons[0].what == "activity dig");
  BOOST_TEST(waits.reasons[0].owed_by.ends_with("says 50"));
  at.go_on.set_value();
  BOOST_TEST(**n->instances().wait(tunnel, "t").get() == "north");
  BOOST_TEST(n->operate().activities("t").empty());
}

BOOST_AUTO_TEST_CASE(a_terminate_reaches_a_running_activity) {
  site at;
  auto n = opened(bound(at));
  BOOST_REQUIRE(n->start(tunnel.as("t", "until cancelled")).get());
  at.half_way.get_future().wait();
  std::promise<bool> ended;
  n->instances().terminate("t", {"enough"}, {},
                           [&](result<> r) { ended.set_value(static_cast<bool>(r)); });
  BOOST_TEST(ended.get_future().get());
  at.cancelled.get_future().wait();
}

BOOST_AUTO_TEST_CASE(a_rewind_asks_again_for_what_has_not_stopped_yet) {
  struct {
    std::promise<void> first_runs, first_ends, tried_again;
    std::atomic<int> runs{0}, tries{0};
  } at;
  application app;
  app.bind(dig, [&](std::string, attempt_context&) -> result<std::string> {
    const int run = ++at.runs;
    if (run == 1) {  // told to stop when its instance fails, and does not listen
      at.first_runs.set_value();
      at.first_ends.get_future().wait();
    }
    return "run " + std::to_string(run);
  });
  app.bind(haul, [&](std::string name) -> result<std::string> {
    if (++at.tries == 1) {
      at.first_runs.get_future().wait();
      return fail("no cart");
    }
    at.tried_again.set_value();
    return name;
  });
  app.bind(quarry, run_quarry);
  auto n = opened(std::move(app));
  BOOST_REQUIRE(n->start(quarry.as("q", "slate")).get());
  BOOST_TEST(!n->instances().wait(quarry, "q").get());
  std::promise<bool> rewound;
  n->instances().rewind("q", "there is one now", {},
                        [&](result<> r) { rewound.set_value(bool(r)); });
  BOOST_TEST(rewound.get_future().get());
  at.tried_again.get_future().wait();  // begun after the other, which waits for its first run
  at.first_ends.set_value();
  const auto done = n->instances().wait(quarry, "q").get();
  BOOST_TEST_REQUIRE(static_cast<bool>(done));
  BOOST_TEST(**done == "slate, run 2");
}

BOOST_AUTO_TEST_CASE(pools_say_how_busy_they_are) {
  site at;
  auto n = opened(bound(at));
  BOOST_REQUIRE(n->start(tunnel.as("t", "north")).get());
  at.half_way.get_future().wait();
  bool seen = false;
  for (const auto& pool : n->operate().pools())
    if (pool.name == "io") {
      seen = true;
      BOOST_TEST(pool.threads == 16u);
      BOOST_TEST(pool.busy >= 1u);
      BOOST_TEST(pool.lost == 0u);
    }
  BOOST_TEST(seen);
  at.go_on.set_value();
  BOOST_TEST(static_cast<bool>(n->instances().wait(tunnel, "t").get()));
}

BOOST_AUTO_TEST_SUITE_END()
