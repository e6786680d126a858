// Timers over crashes, jumps of the clock and windows of the index.

#include <algorithm>
#include <memory>

#include <boost/test/unit_test.hpp>

#include "persistence/keys.hpp"
#include "persistence/limits.hpp"
#include "persistence/testing/faulty_store.hpp"
#include "runtime/node/engine.hpp"
#include "tests/support/parts.hpp"
#include "tests/support/world.hpp"

using namespace reprise;
using namespace reprise::testing;
using namespace std::chrono_literals;

namespace {

void restart(world& w) {
  w.crash();
  w.open();
}

// Tells when the index of timers is about to be read.
class store_that_tells final : public persistence::internal::faulty_store {
 public:
  store_that_tells(std::unique_ptr<store> inner, const std::function<void()>& at_read)
      : faulty_store(std::move(inner), {}), at_read_(at_read) {}
  persistence::load_answer read(const persistence::load_request& what) override {
    if (!what.first.empty() &&
        what.first.front() == static_cast<char>(persistence::table::timers) && at_read_)
      at_read_();
    return faulty_store::read(what);
  }

 private:
  const std::function<void()>& at_read_;
};

parts::number woken(world& w) { return *w.get(parts::read("woken")); }

}  // namespace

BOOST_AUTO_TEST_SUITE(timers)

BOOST_AUTO_TEST_CASE(a_timer_due_while_down_fires_once) {
  for (auto d : {disk::memory, disk::lmdb}) {
    world w(1, d, parts::bound);
    w.get(parts::remind("h", std::string("later")));
    BOOST_REQUIRE(*w.start(parts::nap.as("n", parts::number{3'600})));
    w.run();
    w.crash();
    w.clock(w.now() + 5h);
    w.open();
    BOOST_TEST(w.run_until([&] { return w.ended("n"); }, 1min));
    w.run();
    BOOST_TEST(*w.get(parts::read("later")) == 1);
    BOOST_TEST(woken(w) == 1);
    restart(w);
    w.advance(2h);
    BOOST_TEST(*w.get(parts::read("later")) == 1);
    BOOST_TEST(woken(w) == 1);
    BOOST_TEST(w.waiting_records() == 0u);
  }
}

BOOST_AUTO_TEST_CASE(a_timer_does_not_fire_before_it_is_due) {
  world w(2, disk::memory, parts::bound);
  BOOST_REQUIRE(*w.start(parts::nap.as("n", parts::number{3'600})));
  w.advance(59min);
  BOOST_TEST(!w.ended("n"));
  restart(w);
  w.advance(59s);
  BOOST_TEST(!w.ended("n"));
  w.advance(2s);
  BOOST_TEST(w.ended("n"));
}

BOOST_AUTO_TEST_CASE(a_page_that_cannot_be_read_is_read_again) {
  persistence::internal::faulty_store* store = nullptr;
  world w(4, disk::memory, parts::bound);
  w.wrap([&](std::unique_ptr<persistence::store> inner) {
    auto outer = std::make_unique<persistence::internal::faulty_store>(
        std::move(inner), persistence::internal::mishap_plan{});
    store = outer.get();
    return outer;
  });
  restart(w);
  BOOST_REQUIRE(*w.start(parts::nap.as("n", parts::number{3'600})));
  w.run();
  w.advance(50min);  // the next page of the index is the one with the timer
  store->fail_reads(3);
  w.advance(20min);
  BOOST_TEST(w.ended("n"));
  const auto unread = std::count_if(w.said.begin(), w.said.end(), [](const auto& s) {
    return s.starts_with("timers cannot be read");
  });
  BOOST_TEST(unread > 0);
}

BOOST_AUTO_TEST_CASE(timers_due_at_once_fire_in_due_order) {
  for (bool down : {false, true}) {
    world w(3, disk::memory, parts::bound);
    w.get(parts::alarms("h", parts::number{3'000}));  // three slices
    w.run();
    if (down) w.crash();
    w.clock(w.now() + 24h);
    if (down) w.open();
    BOOST_TEST(w.run_until([&] { return (*w.get(parts::seen("in-0")))[0] == 3'000; }, 1min));
    BOOST_TEST((*w.get(parts::seen("in-0")))[1] == 0);
    BOOST_TEST(w.waiting_records() == 0u);
  }
}

// The index is read while timers fire, are set and are consumed: none is lost, none fires twice.
BOOST_AUTO_TEST_CASE(a_timer_fires_once_however_often_the_index_is_read) {
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    world w(seed, disk::memory, parts::bound);
    w.get(parts::alarms("h", parts::number{400}));  // twenty minutes: several windows
    for (int i = 0; i < 20; ++i) {
      w.get(parts::alarms("h" + std::to_string(i), parts::number{10}));
      w.advance(seed * 11s);
      if (i % 7 == static_cast<int>(seed % 7)) restart(w);
    }
    w.advance(1h);
    const auto seen = *w.get(parts::seen("in-0"));
    BOOST_TEST(seen[0] == 400 + 20 * 10);
    BOOST_TEST(seen[1] == 0);
    BOOST_TEST(w.waiting_records() == 0u);
  }
}

BOOST_AUTO_TEST_CASE(a_timer_fires_once_when_the_clock_moves_thirty_years_forward) {
  world w(4, disk::memory, parts::bound);
  w.get(parts::remind("h", std::string("later")));
  w.run();
  w.clock(w.now() + 30 * 365 * 24h);
  BOOST_TEST(w.run_until([&] { return *w.get(parts::read("later")) == 1; }, 1h));
  w.advance(2h);
  BOOST_TEST(*w.get(parts::read("later")) == 1);
  w.get(parts::remind("h", std::string("again")));  // and the node goes on from there
  w.advance(2h);
  BOOST_TEST(*w.get(parts::read("again")) == 1);
}

BOOST_AUTO_TEST_CASE(timers_are_late_by_a_tenth_at_most_after_the_clock_was_set_back) {
  for (bool crash : {false, true}) {
    world w(7, disk::memory, parts::bound);
    BOOST_REQUIRE(*w.start(parts::nap.as("before", parts::number{600})));
    w.run();
    if (crash) w.crash();
    w.clock(w.now() - 1h);
    if (crash) w.open();
    BOOST_REQUIRE(*w.start(parts::nap.as("after", parts::number{600})));
    w.advance(600s - 1ns);
    BOOST_TEST(!w.ended("before"));
    BOOST_TEST(!w.ended("after"));
    w.advance(70s);
    BOOST_TEST(w.ended("before"));
    BOOST_TEST(w.ended("after"));
    w.advance(10h);  // in which the clock has caught up
    BOOST_REQUIRE(*w.start(parts::nap.as("then", parts::number{600})));
    w.advance(600s - 1ns);
    BOOST_TEST(!w.ended("then"));
    w.advance(1ns);
    BOOST_TEST(w.ended("then"));
  }
}

BOOST_AUTO_TEST_CASE(time_never_runs_back) {
  for (bool crash : {false, true}) {
    world w(5, disk::memory, parts::bound);
    const auto before = *w.get(parts::when("h"));
    if (crash) w.crash();
    w.clock(w.now() - 48h);
    if (crash) w.open();
    BOOST_TEST(*w.get(parts::when("h")) >= before);
    if (!crash) continue;
    // Not of that group alone: whatever was recorded last, by whomever.
    w.clock(w.now() + 96h);
    w.get(parts::when("other"));
    const auto newest = *w.get(parts::when("other"));
    w.crash();
    w.clock(w.now() - 400h);
    w.open();
    BOOST_TEST(*w.get(parts::when("h")) >= newest);
  }
}

BOOST_AUTO_TEST_CASE(a_timer_of_an_instance_that_ended_is_gone) {
  world w(6, disk::memory, parts::bound);
  BOOST_REQUIRE(*w.start(parts::nap.as("n", parts::number{3'600})));
  BOOST_REQUIRE(*w.terminate("n", "no more"));
  BOOST_TEST(w.waiting_records() == 0u);
  BOOST_REQUIRE(*w.start(parts::nap.as("n", parts::number{7'200})));
  w.advance(90min);
  BOOST_TEST(!w.ended("n"));
  w.advance(1h);
  BOOST_TEST(w.ended("n"));
  BOOST_TEST(woken(w) == 1);
}

// The page that is on its way shows it still: it would stay in memory, and ring for nobody.
BOOST_AUTO_TEST_CASE(a_timer_that_is_cancelled_while_the_table_is_read_is_not_set_again) {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    world w(seed, disk::memory, parts::bound);
    w.start(parts::nap.as("n", parts::number{420}));  // beyond the window
    w.run();
    BOOST_REQUIRE(w.executor().advance_to_alarm());  // the window moves, and the table is read
    std::optional<result<>> told;
    w.at().instances().terminate("n", {"enough"}, {}, [&](result<> r) { told = std::move(r); });
    w.run();
    BOOST_REQUIRE((told && *told));
    BOOST_TEST(w.engine().timers.resident() == 0u, seed);
  }
}

// A nanosecond before the end of the window, at it and behind it; not a nanosecond early.
BOOST_AUTO_TEST_CASE(a_timer_at_the_border_of_the_window_fires_at_its_time) {
  for (const auto window : {0min, 5min, 10min})
    for (const auto off : {-1ns, 0ns, 1ns})
      for (const bool crash : {false, true}) {
        world w(8, disk::memory, parts::bound);
        auto start = parts::errand.as("e", parts::number{1}).what();
        start.due = w.now() + window + off;
        BOOST_REQUIRE(*w.start(start));
        if (crash) restart(w);
        if (start.due <= w.now()) continue;
        w.advance(start.due - w.now() - 1ns);
        BOOST_TEST(!w.ended("e"));
        w.advance(1ns);
        BOOST_TEST(w.ended("e"));
        w.advance(1h);
        BOOST_TEST(w.engine().timers.resident() == 0u);
      }
}

// The transition that cancels it is not in the view that shows it.
BOOST_AUTO_TEST_CASE(a_timer_that_is_cancelled_while_the_index_is_read_is_not_set) {
  std::function<void()> at_read;
  world w(9, disk::memory, parts::bound, world::begins::down);
  w.wrap([&](std::unique_ptr<persistence::store> inner) {
    return std::make_unique<store_that_tells>(std::move(inner), at_read);
  });
  w.open();
  BOOST_REQUIRE(*w.start(parts::nap.as("n", parts::number{3'600})));
  w.run();
  const auto due = w.now() + 1h;
  const auto g = (*w.status("n"))->generation;
  at_read = [&] {
    w.engine().timers.cancel({address_kind::instance, "", "n"}, due, {g.term, g.position, 1});
  };
  w.advance(2h);
  BOOST_TEST(w.engine().timers.resident() == 0u);
  BOOST_TEST(!w.ended("n"));
  at_read = {};
  restart(w);  // nobody cancelled it in truth
  w.advance(1min);
  BOOST_TEST(w.ended("n"));
}

// More than are read ahead: in order, and never all in memory.
BOOST_AUTO_TEST_CASE(very_many_timers_that_were_due_while_down_are_read_as_they_fire) {
  constexpr parts::number count = 15'000;  // of each of four
  world w(10, disk::memory, parts::bound);
  for (const auto* hub : {"a", "b", "c", "d"}) w.get(parts::alarms(hub, parts::number{count}));
  w.run();
  w.crash();
  w.clock(w.now() + 100 * 24h);
  w.open();
  std::size_t most = 0;
  while (most == 0 || w.engine().timers.resident() > 0) {
    while (w.step()) most = std::max(most, w.engine().timers.resident());
    if (!w.executor().advance_to_alarm()) break;
  }
  w.run();
  BOOST_TEST(most >= limits::timers_ahead);
  BOOST_TEST(most <= limits::timers_ahead + limits::timer_slice);
  BOOST_TEST((*w.get(parts::seen("in-0")))[0] == 4 * count);
  BOOST_TEST((*w.get(parts::seen("in-0")))[1] == 0);
  BOOST_TEST(w.waiting_records() == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
