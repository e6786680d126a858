// What outlives a commit that was not written: positions are given again, and nothing of before may be
// taken for what has its position now. Real threads: a turn ends long after the node has started anew.

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <latch>
#include <memory>
#include <string>

#include "actors/reprise.hpp"
#include "runtime/commit/commit_log.hpp"
#include "runtime/node/engine.hpp"
#include "tests/runtime/commit/failing_node.hpp"

using namespace reprise;
using namespace reprise::testing;
using namespace std::chrono_literals;

namespace {

using number = std::int64_t;

// A number that is written; both that only read it are held up by the test.
constexpr actor<number> gauge{"gauge"};
constexpr operation<number, number, number> put{gauge, "put"};
constexpr operation<number, none, number> look{gauge, "look"};
constexpr transient_operation<number, number, number> hear{gauge, "hear"};
constexpr operation<number, none, number> tell_later{gauge, "tell_later"};

struct held_up {
  std::latch reached{1}, released{1};
};
std::atomic<held_up*> next_reader{nullptr};

void wait_if_held() {
  auto* held = next_reader.exchange(nullptr);
  if (!held) return;
  held->reached.count_down();
  held->released.wait();
}

struct gauge_actor {
  state<number> value;
  result<number> put_now(number n) {
    value.edit() = n;
    return n;
  }
  result<number> hear_of(number n) { return value.edit() += n; }
  result<number> look_now(none) const {
    wait_if_held();
    return *value;
  }
  result<number> tell_other(none, turn& here) {
    wait_if_held();
    const auto now = *value;
    here.tell(hear("other", now), here.now() + 1s);
    return now;
  }
};

application bound() {
  application app;
  app.bind(put, &gauge_actor::put_now)
      .bind(look, &gauge_actor::look_now)
      .bind(hear, &gauge_actor::hear_of)
      .bind(tell_later, &gauge_actor::tell_other);
  return app;
}

// Gauge "a" holds 1; then 2 is put, and asked for while the disk refuses it. The node starts anew, others
// are given as many positions, and only now the one who saw 2 ends: what is it told?
result<number> told_what_was_lost(failing_node& n, const operation_call<number>& by) {
  std::latch refuse(1);
  const failure_plan plan{store_call::commit, persistence::errc::not_written, 2};
  BOOST_REQUIRE(n.open(bound(), plan, [&](std::uint64_t nth) {
    if (nth == 2) refuse.wait();
  }));
  BOOST_REQUIRE(n.at().ask(put("a", number{1})).get());
  auto lost = n.at().ask(put("a", number{2}));
  held_up reader;
  next_reader = &reader;
  const auto answer = n.at().ask(by);
  reader.reached.wait();
  const auto seen = n.engine().log.newest();
  refuse.count_down();
  BOOST_TEST(!lost.get());
  BOOST_REQUIRE(n.settled());
  for (number i = 0; n.engine().log.durable() <= seen; ++i)
    BOOST_REQUIRE(n.at().ask(put("b", i)).get());
  reader.released.count_down();
  auto told = answer.get();
  if (!told) return told.error();
  return **told;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(lost_epochs)

BOOST_AUTO_TEST_CASE(a_reader_of_a_lost_write_is_not_given_it) {
  failing_node n(std::make_shared<persistence::memory_disk>());
  const auto told = told_what_was_lost(n, look("a"));
  BOOST_REQUIRE(!told);
  BOOST_TEST((told.error().why == cause::unavailable));
  BOOST_TEST(**n.at().ask(look("a")).get() == 1);
  n.at().close();
}

// Its timer would be of the new epoch, and carry what nobody wrote.
BOOST_AUTO_TEST_CASE(a_tell_due_later_from_a_lost_turn_is_never_delivered) {
  failing_node n(std::make_shared<persistence::memory_disk>());
  BOOST_TEST(!told_what_was_lost(n, tell_later("a")));
  BOOST_REQUIRE(n.at().ask(put("c", number{7})).get());
  BOOST_TEST(**n.at().ask(tell_later("c")).get() == 7);  // due after the other would have been
  number heard = 0;
  while ((heard = **n.at().ask(look("other")).get()) == 0) {
  }
  BOOST_TEST(heard == 7);
  n.at().close();
}

BOOST_AUTO_TEST_SUITE_END()
