// What a rewind does on a node: to children that are not as they were when they failed, and where it would
// change nothing. What it takes back is decided in actors/orchestration/rewind_plan.hpp and tested there.

#include <boost/test/unit_test.hpp>

#include "tests/support/family.hpp"

using namespace reprise;
using namespace reprise::testing;
using namespace reprise::testing::family;

namespace {

// A job, then a coin.
constexpr orchestration<std::string, std::string> patient{"patient"};
constexpr orchestration<std::string, std::string> parent{"parent"};
// A job whose failure is passed on when another job has cleaned up.
constexpr orchestration<std::string, std::string> careful{"careful"};

task<std::string> run_patient(value<std::string> in) {
  auto done = co_await job(*in);
  auto got = co_await coin();
  co_return *done + std::to_string(*got);
}
task<std::string> run_parent(value<std::string> in) {
  auto said = co_await patient.as("x", *in);
  co_return "(" + *said + ")";
}
task<std::string> run_careful(value<std::string> in) {
  auto done = co_await attempt(job(*in));
  if (done) co_return **done;
  co_await job("clean up");
  co_return done.error();
}
// A careful child, or one and a patient one.
constexpr orchestration<std::string, std::string> guardian{"guardian"}, grandparent{"grandparent"},
    guardians{"guardians"};
bool is_mended = false;

// Two jobs, one after the other.
constexpr orchestration<std::string, std::string> steady{"steady"};
// Asks for too much after two coins, and waits for a timer.
constexpr orchestration<none, std::string> greedy{"greedy"};
// Fails by itself, or by asking for too much.
constexpr orchestration<std::string, std::string> clumsy{"clumsy"};
task<std::string> run_guardian(value<std::string> in) {
  auto said = co_await careful.as("x", *in);
  co_return "(" + *said + ")";
}
task<std::string> run_grandparent(value<std::string> in) {
  auto said = co_await guardian.as("p", *in);
  co_return "(" + *said + ")";
}
task<std::string> run_guardians(value<std::string> in) {
  auto both = co_await all(careful.as("x", *in), patient.as("y", *in));
  co_return *std::get<0>(both) + *std::get<1>(both);
}
task<std::string> run_steady(value<std::string> in) {
  auto first = co_await job(*in);
  auto second = co_await job("then");
  co_return *first + " " + *second;
}
task<std::string> run_greedy() {
  auto late = co_await begin(sleep(std::chrono::hours(1)));
  auto one = co_await begin(coin());
  auto two = co_await begin(coin());
  co_await std::move(one);
  co_await std::move(two);
  if (!is_mended) {
    std::vector<activity_call<std::string>> jobs;
    for (int i = 0; i < 16; ++i) jobs.push_back(job(std::string(1u << 20, 'x')));
    co_await all(std::move(jobs));
  }
  co_await std::move(late);
  co_return "slept";
}
task<std::string> run_clumsy(value<std::string> in) {
  if (*in == "much" && !is_mended) {
    std::vector<activity_call<std::string>> jobs;
    for (int i = 0; i < 16; ++i) jobs.push_back(job(std::string(1u << 20, 'x')));
    co_await all(std::move(jobs));
  }
  auto done = co_await job(*in);
  if (!is_mended) throw failed(reject("a bug"));
  co_return *done;
}
task<std::string> run_forgiving(value<std::string> in) {
  auto done = co_await attempt(job(*in));
  if (done) co_return **done;
  co_await job("clean up");
  co_return "cleaned up";
}

application with(task<std::string> (*body_of_careful)(value<std::string>)) {
  auto app = bound();
  app.bind(patient, run_patient).bind(parent, run_parent).bind(careful, body_of_careful);
  app.bind(guardian, run_guardian).bind(grandparent, run_grandparent);
  app.bind(guardians, run_guardians).bind(clumsy, run_clumsy).bind(steady, run_steady);
  app.bind(greedy, run_greedy);
  return app;
}
application code() { return with(run_careful); }
application mended_code() { return with(run_forgiving); }

// "p" has failed because its child "x" has.
struct failed_pair {
  explicit failed_pair(bool dies) : crash(dies) {
    broken("b", true);
    BOOST_REQUIRE(*w.start(parent.as("p", std::string("b"))));
    w.run();
    BOOST_TEST(end_of(w, "x") == "failed: b is broken");
    BOOST_TEST(end_of(w, "p") == "failed: b is broken");
    broken("b", false);
  }
  void rewind_parent() {
    BOOST_TEST(static_cast<bool>(rewind(w, "p")));
    if (crash) {
      w.crash();
      w.open();
    }
    w.run();
  }
  void give_coin() {
    BOOST_TEST(static_cast<bool>(*w.raise(coin.to("x", number{7}))));
    w.run();
  }
  bool crash;
  world w{21, disk::memory, code};
};

const std::string running = "state 0";

}  // namespace

BOOST_AUTO_TEST_SUITE(rewinds_of_a_node)

BOOST_AUTO_TEST_CASE(the_outcome_of_a_child_that_was_rewound_alone_is_taken) {
  for (bool crash : {false, true}) {
    failed_pair f(crash);
    BOOST_REQUIRE(static_cast<bool>(rewind(f.w, "x")));
    f.w.run();
    f.give_coin();
    BOOST_TEST(end_of(f.w, "x") == "completed: b7");
    BOOST_TEST(end_of(f.w, "p") == "failed: b is broken");
    f.rewind_parent();
    BOOST_TEST(end_of(f.w, "p") == "completed: (b7)");
    BOOST_TEST(f.w.waiting_records() == 0u);
  }
}

BOOST_AUTO_TEST_CASE(a_child_that_was_rewound_alone_and_runs_is_waited_for) {
  for (bool crash : {false, true}) {
    failed_pair f(crash);
    BOOST_REQUIRE(static_cast<bool>(rewind(f.w, "x")));
    f.w.run();
    f.rewind_parent();
    BOOST_TEST(end_of(f.w, "p") == running);
    f.give_coin();
    BOOST_TEST(end_of(f.w, "p") == "completed: (b7)");
    BOOST_TEST(f.w.waiting_records() == 0u);
  }
}

BOOST_AUTO_TEST_CASE(a_child_that_was_purged_is_begun_anew) {
  for (bool crash : {false, true}) {
    failed_pair f(crash);
    BOOST_REQUIRE(static_cast<bool>(purge(f.w, "x")));
    f.rewind_parent();
    BOOST_TEST(end_of(f.w, "x") == running);
    f.give_coin();
    BOOST_TEST(end_of(f.w, "p") == "completed: (b7)");
    BOOST_TEST(f.w.waiting_records() == 0u);
  }
}

BOOST_AUTO_TEST_CASE(a_child_that_was_terminated_is_begun_anew) {
  failed_pair f(false);
  BOOST_REQUIRE(static_cast<bool>(rewind(f.w, "x")));
  f.w.run();
  BOOST_REQUIRE(static_cast<bool>(terminate(f.w, "x", children::left_alone)));
  f.w.run();  // the parent, which has failed, hears of it and drops it
  f.rewind_parent();
  BOOST_TEST(end_of(f.w, "p") == running);
  f.give_coin();
  BOOST_TEST(end_of(f.w, "p") == "completed: (b7)");
}

// As where it was first started: one that runs keeps its id, one that has ended is replaced.
BOOST_AUTO_TEST_CASE(a_rewound_child_replaces_an_ended_instance_of_its_id_and_no_running_one) {
  failed_pair f(false);
  BOOST_REQUIRE(static_cast<bool>(purge(f.w, "x")));
  BOOST_REQUIRE(*f.w.start(kid.as("x", std::string("wait"))));
  f.w.run();
  f.rewind_parent();
  BOOST_TEST(end_of(f.w, "p") == "failed: instance \"x\" is there and has not ended");
  BOOST_TEST(end_of(f.w, "x") == running);
  f.give_coin();
  f.rewind_parent();
  f.give_coin();
  BOOST_TEST(end_of(f.w, "p") == "completed: (b7)");
}

// What was asked for since the rewind is of no round: its answer is taken, also by a process that read the
// rewind in the history and the request in the table.
BOOST_AUTO_TEST_CASE(a_step_after_a_rewind_is_answered_also_when_it_is_read_from_the_store) {
  for (const bool crash : {false, true})
    for (int steps = 0; steps < 40; ++steps) {
      broken("b", true);
      world w(23, disk::memory, code);
      BOOST_REQUIRE(*w.start(steady.as("s", std::string("b"))));
      w.run();
      BOOST_TEST(end_of(w, "s") == "failed: b is broken");
      broken("b", false);
      BOOST_REQUIRE(static_cast<bool>(rewind(w, "s")));
      for (int i = 0; i < steps; ++i) w.step();
      if (crash) {
        w.crash();
        w.open();
      } else {
        w.forget();
      }
      w.run();
      BOOST_TEST(end_of(w, "s") == "completed: b then", "after " << steps << " steps");
      BOOST_TEST(w.waiting_records() == 0u);
    }
}

BOOST_AUTO_TEST_CASE(a_rewind_that_would_change_nothing_says_so_and_names_the_events) {
  broken("b", true);
  world w(22, disk::memory, code);
  BOOST_REQUIRE(*w.start(careful.as("c", std::string("b"))));
  w.run();
  BOOST_TEST(end_of(w, "c") == "failed: b is broken");
  broken("b", false);
  const auto before = history_of(w, "c");
  for (int i = 0; i < 2; ++i) {
    const auto refused = rewind(w, "c");
    BOOST_TEST_REQUIRE(!refused);
    BOOST_TEST((refused.error().why == cause::nothing_undone));
    for (const char* words : {"event 4, the answer of activity job", "\"b is broken\"",
                              "event 2, the failure of activity job"})
      BOOST_TEST(refused.error().text.find(words) != std::string::npos, refused.error().text);
  }
  BOOST_TEST(history_of(w, "c") == before);
  BOOST_TEST(end_of(w, "c") == "failed: b is broken");
  w.close();
  w.bind(mended_code);  // does something else with the same input
  w.open();
  BOOST_TEST(static_cast<bool>(rewind(w, "c")));
  w.run();
  BOOST_TEST(end_of(w, "c") == "completed: cleaned up");
}

// The same request, sent again because its answer was lost, is not another rewind; one with another key is.
BOOST_AUTO_TEST_CASE(a_rewind_that_is_sent_again_is_done_once) {
  for (const auto* id : {"c", "p"})
    for (const bool crash : {false, true}) {
      broken("b", true);
      world w(25, disk::memory, code);
      BOOST_REQUIRE(*w.start(patient.as("c", std::string("b"))));
      BOOST_REQUIRE(*w.start(parent.as("p", std::string("b"))));
      w.run();
      const auto ask = [&](const std::string& key, std::uint64_t body) {
        std::optional<result<>> told;
        w.at().instances().rewind(id, "why", {idempotency{"ann", key, body}},
                                  [&](result<> r) { told = std::move(r); });
        w.run();
        BOOST_REQUIRE(told.has_value());
        return *told;
      };
      BOOST_TEST(static_cast<bool>(ask("k", 1)));
      const auto once = history_of(w, id);
      if (crash) {
        w.crash();
        w.open();
      }
      BOOST_TEST(static_cast<bool>(ask("k", 1)));
      BOOST_TEST(history_of(w, id) == once);
      BOOST_TEST(!ask("k", 2));
      BOOST_TEST(history_of(w, id) == once);
      BOOST_TEST(static_cast<bool>(ask("l", 1)));
      BOOST_TEST(history_of(w, id) > once);
      broken("b", false);
    }
}

// What failed is a child, perhaps of a child, that would not be rewound: it is asked first.
BOOST_AUTO_TEST_CASE(a_rewind_of_a_parent_whose_failed_child_would_not_change_is_refused) {
  broken("b", true);
  world w(24, disk::memory, code);
  BOOST_REQUIRE(*w.start(grandparent.as("g", std::string("b"))));
  w.run();
  BOOST_TEST(end_of(w, "g") == "failed: b is broken");
  broken("b", false);
  const std::vector<std::string> family{"g", "p", "x"};
  for (const auto& id : family) {
    std::vector<std::size_t> before;
    for (const auto& one : family) before.push_back(history_of(w, one));
    const auto refused = rewind(w, id);
    BOOST_TEST_REQUIRE(!refused);
    BOOST_TEST((refused.error().why == cause::nothing_undone));
    if (id != "x")
      BOOST_TEST(refused.error().text.find("instance \"x\"") != std::string::npos,
                 refused.error().text);
    BOOST_TEST(refused.error().text.find("event 4, the answer of activity job") !=
               std::string::npos);
    w.run();
    for (std::size_t i = 0; i < family.size(); ++i) {
      BOOST_TEST(history_of(w, family[i]) == before[i]);
      BOOST_TEST(end_of(w, family[i]) == "failed: b is broken");
    }
  }
  w.close();
  w.bind(mended_code);
  w.open();
  BOOST_TEST(static_cast<bool>(rewind(w, "g")));
  w.run();
  BOOST_TEST(end_of(w, "g") == "completed: ((cleaned up))");
  BOOST_TEST(w.waiting_records() == 0u);
}

// The others are rewound; the one is told as it ended.
BOOST_AUTO_TEST_CASE(a_rewind_of_a_parent_rewinds_those_children_that_would_change) {
  broken("b", true);
  world w(25, disk::memory, code);
  BOOST_REQUIRE(*w.start(guardians.as("p", std::string("b"))));
  w.run();
  broken("b", false);
  BOOST_TEST(static_cast<bool>(rewind(w, "p")));
  w.run();
  BOOST_REQUIRE(*w.raise(coin.to("y", number{7})));
  w.run();
  BOOST_TEST(end_of(w, "y") == "completed: b7");
  BOOST_TEST(end_of(w, "p") == "failed: b is broken");
  BOOST_TEST(w.waiting_records() == 0u);
  const auto refused = rewind(w, "p");  // now there is the one alone
  BOOST_TEST((!refused && refused.error().why == cause::nothing_undone));
}

// The process dies while a child is asked: nobody has been told, and nothing has changed or all of it.
BOOST_AUTO_TEST_CASE(a_crash_while_children_are_asked_leaves_a_rewind_that_is_done_or_not_begun) {
  for (int steps = 0; steps < 30; ++steps) {
    failed_pair f(false);
    auto told = std::make_shared<std::optional<result<>>>();
    f.w.at().instances().rewind("p", "why", {}, [told](result<> r) { *told = std::move(r); });
    for (int i = 0; i < steps; ++i) f.w.step();
    const bool ok = told->has_value() && **told;
    f.w.crash();
    f.w.open();
    f.w.run();
    const bool begun = end_of(f.w, "p") == running;
    BOOST_TEST((begun || !ok), steps);
    BOOST_TEST(end_of(f.w, "x") == (begun ? running : "failed: b is broken"), steps);
    if (!begun) f.rewind_parent();
    f.give_coin();
    BOOST_TEST(end_of(f.w, "p") == "completed: (b7)", steps);
    BOOST_TEST(f.w.waiting_records() == 0u);
  }
}

BOOST_AUTO_TEST_CASE(code_that_fails_by_itself_is_not_rewound_before_it_is_mended) {
  for (const std::string in : {"b", "much"}) {
    is_mended = false;
    world w(26, disk::memory, code);
    BOOST_REQUIRE(*w.start(clumsy.as("c", in)));
    w.run();
    const auto end = end_of(w, "c");
    BOOST_TEST(end.starts_with(in == "much" ? "failed: the orchestration passed max_bytes_per_turn"
                                            : "failed: a bug"));
    const auto before = history_of(w, "c");
    const auto refused = rewind(w, "c");
    BOOST_TEST_REQUIRE(!refused, in);
    BOOST_TEST((refused.error().why == cause::nothing_undone), refused.error().text);
    for (const std::string& words :
         {std::string("event "), end.substr(8), std::string("no step of it has failed")})
      BOOST_TEST(refused.error().text.find(words) != std::string::npos, refused.error().text);
    w.run();
    BOOST_TEST(history_of(w, "c") == before);
    is_mended = true;
    BOOST_TEST(static_cast<bool>(rewind(w, "c")));
    w.run();
    BOOST_TEST(end_of(w, "c") == "completed: " + in);
  }
}

// Its limit stopped it: it withdrew nothing, and nobody would hear of its timer any more.
BOOST_AUTO_TEST_CASE(a_timer_left_open_by_a_limit_is_set_again) {
  is_mended = false;
  world w(29, disk::memory, code);
  BOOST_REQUIRE(*w.start(greedy.as("g")));
  for (int i = 0; i < 2; ++i) {
    w.run();
    BOOST_REQUIRE(static_cast<bool>(*w.raise(coin.to("g", number{1}))));
  }
  w.run();
  BOOST_TEST(end_of(w, "g").starts_with("failed: the orchestration passed"));
  is_mended = true;
  BOOST_REQUIRE(static_cast<bool>(rewind(w, "g")));
  w.run();
  BOOST_REQUIRE(
      static_cast<bool>(*w.raise(coin.to("g", number{1}))));  // the second went with the turn
  BOOST_TEST(w.run_until([&] { return w.ended("g"); }, std::chrono::hours(2)));
  BOOST_TEST(end_of(w, "g") == "completed: slept");
  BOOST_TEST(w.waiting_records() == 0u);
}

BOOST_AUTO_TEST_CASE(a_clean_up_that_failed_too_is_done_again) {
  broken("b", true);
  broken("clean up", true);
  world w(23, disk::memory, code);
  BOOST_REQUIRE(*w.start(careful.as("c", std::string("b"))));
  w.run();
  BOOST_TEST(end_of(w, "c") == "failed: clean up is broken");
  broken("clean up", false);
  BOOST_TEST(static_cast<bool>(rewind(w, "c")));
  w.run();
  BOOST_TEST(end_of(w, "c") == "failed: b is broken");
  broken("b", false);
}

BOOST_AUTO_TEST_SUITE_END()
