// Mailboxes: bounded in memory, the rest in the table; nothing lost, doubled or out of order.

#include <boost/test/unit_test.hpp>

#include "runtime/message/mailbox.hpp"
#include "tests/support/parts.hpp"
#include "tests/support/world.hpp"

using namespace reprise;
using namespace reprise::testing;
using runtime::lane;
using runtime::mailbox;
using runtime::message_ptr;

namespace {

message_ptr stored(std::uint64_t at, lane l = lane::ordinary) {
  auto m = std::make_unique<runtime::message>();
  m->id = {1, at, 0};
  m->durable = true;
  m->lane = l;
  return m;
}

message_ptr from_outside() {
  auto m = std::make_unique<runtime::message>();
  m->done = runtime::callback<result<payload>>([](result<payload>) {});
  return m;
}

bool push(mailbox& box, message_ptr m) { return box.push(m); }

// Sends `count` numbers to each of two inboxes; gives how many came, and how many out of order.
std::pair<parts::number, parts::number> inboxes(world& w) {
  parts::number taken = 0, wrong = 0;
  for (const auto* key : {"in-0", "in-1"}) {
    const auto seen = *w.get(parts::seen(key));
    taken += seen[0];
    wrong += seen[1];
  }
  return {taken, wrong};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(mailboxes)

BOOST_AUTO_TEST_CASE(a_shut_mailbox_gives_answers_and_control_and_keeps_the_rest_in_order) {
  mailbox box;
  const auto fired = [](std::uint64_t at) {
    auto m = stored(at, lane::answers);
    m->durable = false;
    m->from_timer = true;
    return m;
  };
  const auto next = [&] {
    const auto m = box.take().next;
    return m ? m->id.at : 0;
  };
  box.shut();
  BOOST_TEST(push(box, stored(1)));
  BOOST_TEST(push(box, fired(2)));
  BOOST_TEST(push(box, stored(3, lane::answers)));
  BOOST_TEST(push(box, fired(4)));
  BOOST_TEST(push(box, stored(5, lane::control)));
  BOOST_TEST(next() == 5u);
  BOOST_TEST(next() == 3u);
  BOOST_TEST(next() == 0u);
  box.spill(lane::ordinary, 9);
  BOOST_TEST(!box.take().to_load.has_value());
  BOOST_TEST(!box.empty());
  box.open();
  BOOST_TEST(push(box, stored(6, lane::answers)));
  for (const auto expected : {2u, 4u, 6u, 1u}) BOOST_TEST(next() == expected);
  BOOST_TEST((box.take().to_load == lane::ordinary));
}

BOOST_AUTO_TEST_CASE(a_message_looked_for_in_a_spilled_lane_may_be_in_the_table) {
  mailbox box;
  const auto is_two = [](const runtime::message& m) { return m.id.at == 2; };
  push(box, stored(1));
  BOOST_TEST(!box.may_hold(lane::ordinary, is_two));
  push(box, stored(2));
  BOOST_TEST(box.may_hold(lane::ordinary, is_two));
  BOOST_TEST(!box.may_hold(lane::answers, is_two));
  box.spill(lane::answers, 9);
  BOOST_TEST(box.may_hold(lane::answers, is_two));
}

BOOST_AUTO_TEST_CASE(a_lane_over_the_bound_is_spilled_and_loaded_up_to_its_mark) {
  mailbox box(2);
  for (std::uint64_t at = 1; at <= 4; ++at) BOOST_TEST(push(box, stored(at)));
  BOOST_TEST(box.mark(lane::ordinary) == 4u);
  BOOST_TEST(!push(box, from_outside()));
  BOOST_TEST(box.take().next->id.at == 1u);
  BOOST_TEST(push(box, stored(5)));  // room again, but those before it are not here
  BOOST_TEST(box.take().next->id.at == 2u);
  BOOST_TEST((box.take().to_load == lane::ordinary));
  std::vector<message_ptr> page;
  page.push_back(stored(3));
  box.loaded(lane::ordinary, 4, false, std::move(page));
  BOOST_TEST(box.take().next->id.at == 3u);
  BOOST_TEST((box.take().to_load == lane::ordinary));  // the view stood before 5
  BOOST_TEST(!box.empty());
  box.loaded(lane::ordinary, 5, false, {});
  BOOST_TEST(box.empty());
}

BOOST_AUTO_TEST_CASE(a_page_that_was_cut_leaves_its_lane_spilled) {
  mailbox box(1);
  box.spill(lane::ordinary, 3);
  std::vector<message_ptr> page;
  page.push_back(stored(1));
  box.loaded(lane::ordinary, 9, true, std::move(page));
  BOOST_TEST(box.take().next->id.at == 1u);
  BOOST_TEST((box.take().to_load == lane::ordinary));
}

BOOST_AUTO_TEST_CASE(lower_lanes_come_first_also_when_they_are_spilled) {
  mailbox box(1);
  BOOST_TEST(push(box, stored(1)));
  BOOST_TEST(push(box, stored(2, lane::control)));  // full: spilled
  BOOST_TEST((box.take().to_load == lane::control));
  box.loaded(lane::control, 2, false, {});
  BOOST_TEST(box.take().next->id.at == 1u);
}

BOOST_AUTO_TEST_CASE(results_and_control_pass_the_bound) {
  mailbox box(1);
  BOOST_TEST(push(box, stored(1)));
  auto result_of_activity = std::make_unique<runtime::message>();
  result_of_activity->lane = lane::answers;
  BOOST_TEST(push(box, std::move(result_of_activity)));
  auto terminate = from_outside();
  terminate->lane = lane::control;
  BOOST_TEST(push(box, std::move(terminate)));
}

BOOST_AUTO_TEST_CASE(spilled_messages_come_once_and_in_order) {
  for (auto d : {disk::memory, disk::lmdb})
    for (std::uint64_t seed = 1; seed <= (d == disk::memory ? 12u : 2u); ++seed) {
      world w(seed, d, parts::bound);
      w.get(parts::fan("h", parts::numbers{5'000, 0, 2}));
      if (seed % 2 == 0) {  // a kill with one part taken, one in the table
        for (std::uint64_t i = 0; i < 37 * seed; ++i) w.step();
        w.crash();
        w.open();
      }
      w.get(parts::fan("h", parts::numbers{5'000, 2'500, 2}));
      w.run();
      BOOST_TEST((inboxes(w) == std::pair<parts::number, parts::number>(10'000, 0)));
      BOOST_TEST(w.waiting_records() == 0u);
    }
}

BOOST_AUTO_TEST_CASE(a_spilled_host_is_not_passivated_away_from_its_messages) {
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    world w(seed, disk::memory, parts::bound);
    w.forget_always();
    w.get(parts::fan("h", parts::numbers{3'000, 0, 2}));
    w.run();
    BOOST_TEST((inboxes(w) == std::pair<parts::number, parts::number>(3'000, 0)));
  }
}

// The first request comes before recovery has visited its target, whose lanes are in the table only.
BOOST_AUTO_TEST_CASE(a_recovered_host_that_refuses_takes_what_it_has_all_the_same) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    world w(seed, disk::memory, parts::bound);
    w.get(parts::fan("h", parts::numbers{40, 0, 2}));
    w.crash();
    w.open();
    for (const auto* key : {"in-0", "in-1"}) w.ask(parts::seen(key).what());
    w.run();
    BOOST_TEST((inboxes(w) == std::pair<parts::number, parts::number>(40, 0)));
  }
}

BOOST_AUTO_TEST_CASE(a_recovered_host_takes_what_is_pending_before_what_is_new) {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    world w(seed, disk::memory, parts::bound);
    w.get(parts::fan("h", parts::numbers{40, 0, 2}));
    w.crash();
    w.open();
    // At once, before recovery has visited anybody.
    const auto next = w.ask(parts::fan("h", parts::numbers{40, 20, 2}).what());
    w.run();
    if (!*next || !**next) continue;  // refused: a lane was being read back
    BOOST_TEST((inboxes(w) == std::pair<parts::number, parts::number>(80, 0)));
  }
}

BOOST_AUTO_TEST_SUITE_END()
