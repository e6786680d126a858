// Calls without a record: delivered at once, lost in a crash, sent again for a caller that still waits.

#include <boost/test/unit_test.hpp>

#include "tests/support/world.hpp"

using namespace reprise;
using namespace reprise::testing;
using namespace std::chrono_literals;

namespace {

using number = std::int64_t;
constexpr actor<number> pulse{"pulse"};
constexpr transient_operation<number, number, number> beat{pulse, "beat"};
constexpr operation<number, number, number> pass_on{pulse, "pass_on"};
constexpr operation<number, number, number> pass_on_later{pulse, "pass_on_later"};
constexpr operation<number, none, number> beats{pulse, "beats"};
constexpr orchestration<none, number> listen{"listen"};

struct heart {
  state<number> count;
  result<number> add(number n) {
    count.edit() += n;
    return *count;
  }
  result<number> send_beat(number n, turn& here) {
    here.tell(beat("other", n));
    return n;
  }
  result<number> send_beat_later(number n, turn& here) {
    here.tell(beat("other", n), here.now() + 1h);
    return n;
  }
  result<number> show() const { return *count; }
};

task<number> run_listen() {
  auto heard = co_await beat("other", 1).within(5s);
  co_return *heard;
}

application bound() {
  application app;
  app.bind(beat, &heart::add)
      .bind(pass_on, &heart::send_beat)
      .bind(pass_on_later, &heart::send_beat_later)
      .bind(beats, &heart::show)
      .bind(listen, run_listen);
  return app;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(transient_calls)

BOOST_AUTO_TEST_CASE(a_transient_operation_is_delivered_and_leaves_no_record) {
  world w(1, disk::memory, bound);
  BOOST_TEST(*w.get(beat("other", 3)) == 3);
  w.get(pass_on("one", number{4}));
  BOOST_TEST(w.waiting_records() == 0u);
  w.run();
  BOOST_TEST(*w.get(beats("other")) == 7);
}

BOOST_AUTO_TEST_CASE(a_turn_that_only_passes_a_transient_tell_on_takes_no_position) {
  world w(1, disk::memory, bound);
  w.get(beats("one"));
  w.run();
  const auto before = w.engine().log.newest();
  w.get(pass_on_later("one", number{4}));
  BOOST_TEST(w.engine().log.newest() == before);
  w.advance(1h);
  w.run();
  BOOST_TEST(w.engine().log.newest() > before);  // the one that got it counts
  BOOST_TEST(*w.get(beats("other")) == 4);
}

BOOST_AUTO_TEST_CASE(a_crash_loses_what_is_to_come) {
  for (bool crash : {false, true}) {
    world w(2, disk::memory, bound);
    w.get(pass_on_later("one", number{4}));
    w.run();
    BOOST_TEST(w.waiting_records() == 0u);
    if (crash) {
      w.crash();
      w.open();
    }
    w.advance(2h);
    w.run();
    BOOST_TEST(*w.get(beats("other")) == (crash ? 0 : 4));
  }
}

BOOST_AUTO_TEST_CASE(a_caller_that_waits_sends_it_again) {
  for (std::uint64_t kill = 1; kill <= 25; ++kill) {
    world w(kill, disk::memory, bound);
    w.start(listen.as("l"));
    for (std::uint64_t i = 0; i < kill; ++i) w.step();
    w.crash();
    w.open();
    w.run_until([&] { return w.ended("l"); });
    const auto s = w.status("l");
    BOOST_TEST_REQUIRE((s && *s && (*s)->outcome));
    BOOST_TEST(static_cast<bool>(*(*s)->outcome));
    BOOST_TEST(w.waiting_records() == 0u);
  }
}

BOOST_AUTO_TEST_SUITE_END()
