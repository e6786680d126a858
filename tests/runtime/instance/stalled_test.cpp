// Code that does not fit its history, over a node: the instance is stalled with both sides named, nothing
// leaves it, everything it is sent is kept, and code that fits cures it.

#include <algorithm>

#include <boost/test/unit_test.hpp>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>

#include "tests/support/parts.hpp"
#include "tests/support/witness.hpp"
#include "tests/support/world.hpp"

using namespace reprise;
using namespace reprise::testing;
using namespace std::chrono_literals;
using parts::number;

namespace {

constexpr orchestration<number, number> plan{"plan"};
constexpr event<number> go{"go"};
constexpr event<number> stop{"stop"};

// What an edit changes; the history was made by `as_it_was`.
enum edit : int {
  as_it_was,
  other_activity,
  call_elsewhere,
  no_timer,
  longer_first,
  shorter,
  other_event,
  tells_other,
  other_tell_key,
  swallows,
  unbound,
  edits
};

task<number> take_it_all(number n) {
  number sum = 0;
  for (int i = 0; i < 20; ++i) {
    try {
      auto more = co_await parts::add("elsewhere", number{1});
      sum += *more;
    } catch (...) {
      sum += n;
    }
  }
  co_return sum;
}

template <int e>
task<number> run_plan(number n) {
  if constexpr (e == swallows) {
    auto all = co_await take_it_all(n);
    co_return *all;
  } else {
    if constexpr (e == longer_first) co_await parts::bump("extra", std::string("x"));
    number sum = 0;
    if constexpr (e == other_activity) {
      auto doubled = co_await parts::add("instead", n);
      sum = *doubled;
    } else if constexpr (e != shorter) {
      auto doubled = co_await parts::twice(n);
      sum = *doubled;
    }
    // Calls made before they are awaited: g++ 12 destroys the temporaries of `?:` in co_await twice.
    const std::string where = e == call_elsewhere ? "elsewhere" : "planned";
    auto added = co_await parts::add(where, sum);
    if constexpr (e != no_timer) co_await sleep(1min);
    const std::string page = e == other_tell_key ? "other" : "told";
    auto telling = parts::bump(page, std::string("t"));
    if (e == tells_other) telling = parts::add("told", number{1});
    co_await tell(telling);
    auto waiting = go();
    if (e == other_event) waiting = stop();
    auto word = co_await waiting;
    co_await parts::add("planned", *word);
    auto last = co_await go();
    co_return *added + *last;
  }
}

template <int e>
application with() {
  auto app = parts::bound();
  app.bind(go).bind(stop);
  if constexpr (e != unbound) app.bind(plan, run_plan<e>);
  return app;
}

template <int... e>
world::make_application version(int which, std::integer_sequence<int, e...>) {
  world::make_application all[] = {with<e>...};
  return all[which];
}
world::make_application version(int which) {
  return version(which, std::make_integer_sequence<int, edits>());
}

instance_status page_of(world& w) {
  const auto s = w.status("p", with_history::yes);
  BOOST_REQUIRE((s && *s));
  return **s;
}

// An instance is read when something is to be done for it; nothing else finds out that its code differs.
void visit(world& w) {
  w.engine().hosts.activate({address_kind::instance, "", "p"});
  w.run();
}

void reopen(world& w, int which) {
  w.crash();
  w.bind(version(which));
  w.open();
  visit(w);
}

void send(world& w, number n) {
  const auto raised = w.raise(go.to("p", n));
  BOOST_TEST((raised && *raised));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(stalled)

BOOST_DATA_TEST_CASE(an_instance_whose_code_differs_emits_nothing_and_the_old_code_cures_it,
                     boost::unit_test::data::xrange(1, static_cast<int>(edits)), which) {
  witness saw;
  world w(1, disk::memory, version(as_it_was));
  BOOST_REQUIRE(*w.start(plan.as("p", number{21})));
  w.advance(2min);
  const auto before = page_of(w);
  reopen(w, which);
  auto s = page_of(w);
  BOOST_TEST((s.state == instance_state::stalled));
  const auto said = std::find_if(w.said.begin(), w.said.end(), [](const auto& line) {
    return line.find(" is stalled: ") != std::string::npos;
  });
  BOOST_TEST_REQUIRE((said != w.said.end()));
  BOOST_TEST(w.said_of.at(static_cast<std::size_t>(said - w.said.begin())) == s.id);
  BOOST_TEST(!s.finding.empty());
  BOOST_TEST_MESSAGE(s.finding);
  BOOST_TEST((s.history == before.history));
  send(w, 5);  // taken, kept
  w.advance(1h);
  reopen(w, which);  // and again
  s = page_of(w);
  BOOST_TEST((s.state == instance_state::stalled));
  BOOST_TEST(s.history.size() == before.history.size() + 1);
  BOOST_TEST(*w.get(parts::read("planned")) == 42);
  for (const auto* other : {"elsewhere", "instead", "told"})
    BOOST_TEST(*w.get(parts::read(other)) == 0);
  for (const auto* other : {"extra", "other"}) BOOST_TEST(*w.get(parts::total(other)) == 0);

  reopen(w, as_it_was);
  BOOST_TEST((page_of(w).state == instance_state::running));
  BOOST_TEST(page_of(w).finding.empty());
  BOOST_TEST(*w.get(parts::read("planned")) == 47);
  w.forget();  // replayed with what was fed later
  send(w, 8);
  BOOST_TEST(w.run_until([&] { return w.ended("p"); }));
  s = page_of(w);
  BOOST_REQUIRE((s.outcome && *s.outcome));
  const auto sum = *codec<number>::decode(**s.outcome);
  BOOST_TEST(*sum == 50);
  BOOST_TEST(*w.get(parts::total("told")) == 1);
  BOOST_TEST(saw.lines_written() == 1u);
  w.run();
  BOOST_TEST(w.waiting_records() == 0u);
}

BOOST_AUTO_TEST_CASE(a_cure_without_anything_to_feed_is_seen_at_once) {
  world w(2, disk::memory, version(as_it_was));
  BOOST_REQUIRE(*w.start(plan.as("p", number{21})));
  w.advance(2min);
  reopen(w, unbound);
  BOOST_TEST((page_of(w).state == instance_state::stalled));
  reopen(w, as_it_was);
  BOOST_TEST((page_of(w).state == instance_state::running));
  w.crash();
  w.open();
  w.run();
  BOOST_TEST(w.engine().hosts.size() == 0u);  // no longer visited
}

BOOST_AUTO_TEST_CASE(answers_and_timers_that_come_while_stalled_are_fed_by_the_cure) {
  for (std::uint64_t steps = 1; steps < 60; ++steps) {
    witness saw;
    world w(3, disk::memory, version(as_it_was));
    BOOST_REQUIRE(*w.start(plan.as("p", number{21})));
    for (std::uint64_t i = 0; i < steps; ++i) w.step();
    reopen(w, unbound);
    BOOST_TEST((page_of(w).state == instance_state::stalled));
    w.advance(1h);
    send(w, 5);
    send(w, 8);
    reopen(w, as_it_was);
    BOOST_TEST_CONTEXT("stalled after step " << steps) {
      BOOST_TEST(w.run_until([&] { return w.ended("p"); }));
      const auto s = page_of(w);
      BOOST_REQUIRE((s.outcome && *s.outcome));
      const auto sum = *codec<number>::decode(**s.outcome);
      BOOST_TEST(*sum == 50);
      BOOST_TEST(*w.get(parts::read("planned")) == 47);
      w.run();
      BOOST_TEST(w.waiting_records() == 0u);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_stalled_instance_can_be_terminated_and_begun_again) {
  world w(4, disk::memory, version(as_it_was));
  BOOST_REQUIRE(*w.start(plan.as("p", number{21})));
  w.run();  // its timer is set
  reopen(w, other_activity);
  const auto exists = w.start(plan.as("p", number{1}));
  BOOST_TEST((exists && !*exists && exists->error().why == cause::exists));
  BOOST_REQUIRE(*w.terminate("p", "given up"));
  BOOST_TEST((page_of(w).state == instance_state::terminated));
  BOOST_TEST(w.waiting_records() == 0u);
  BOOST_REQUIRE(*w.start(plan.as("p", number{1})));
  w.advance(2min);
  BOOST_TEST((page_of(w).state == instance_state::running));
}

BOOST_AUTO_TEST_CASE(code_that_is_not_the_same_twice_stalls_when_it_is_replayed) {
  static bool odd;
  odd = false;
  struct moody {
    static task<number> run(number n) {
      odd = !odd;
      reprise::call<number> asked = parts::twice(n);
      if (odd) asked = parts::add("t", n);
      auto a = co_await asked;
      co_await go();
      co_return *a;
    }
  };
  world w(5, disk::memory, [] {
    auto app = parts::bound();
    app.bind(go).bind(plan, &moody::run);
    return app;
  });
  BOOST_REQUIRE(*w.start(plan.as("p", number{3})));
  w.run();
  w.forget();
  send(w, 1);
  w.run();
  BOOST_TEST((page_of(w).state == instance_state::stalled));
  w.forget();  // the next replay is like the first run
  visit(w);
  BOOST_TEST(w.run_until([&] { return w.ended("p"); }));
}

BOOST_AUTO_TEST_SUITE_END()
