// One turn's changes, from its position to the disk, without a node.

#include "runtime/commit/transition.hpp"

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "persistence/keys.hpp"
#include "runtime/message/records.hpp"
#include "tests/support/fake_services.hpp"

using namespace reprise;
using namespace reprise::runtime;
using namespace std::chrono_literals;
using reprise::testing::fake_services;
namespace keys = persistence::keys;

namespace {

const address till{address_kind::actor, "till", "1"};
const address drawer{address_kind::actor, "drawer", "1"};
const address order{address_kind::instance, "", "order"};

const std::string record_key = keys::actor(till.type, till.key);

call_body to_do(const std::string& operation) { return {operation, payload("9")}; }

std::string key_of(const message& m) {
  return keys::message(records::owner_of(m.to), static_cast<std::uint8_t>(m.lane), m.id.term,
                       m.id.at, static_cast<std::uint32_t>(m.id.index));
}

// A caller from outside, and what he is told.
struct caller {
  std::optional<result<payload>> told;
  message asks() {
    message m;
    m.to = till;
    m.done = callback<result<payload>>([this](result<payload> r) { told = std::move(r); });
    return m;
  }
};

struct turns : fake_services {
  transition begin(const address& self = till) {
    transition t(services, self, services.now());
    BOOST_REQUIRE(t.open(log.epoch()));
    return t;
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(transitions)

BOOST_AUTO_TEST_CASE(messages_are_sent_before_the_writes_are_published) {
  turns on;
  bool was_published = true;
  on.router.at_send = [&](const message&) {
    on.run();
    was_published = on.store.durable() != 0;
  };
  auto t = on.begin();
  t.put(record_key, "8");
  t.send(drawer, to_do("open"));
  BOOST_TEST(on.router.sent.empty());
  t.commit();
  BOOST_TEST(!was_published);
  on.run();
  BOOST_REQUIRE(on.router.sent.size() == 1u);
  const auto& sent = *on.router.sent.front();
  BOOST_TEST((sent.durable && sent.to == drawer && sent.sender == till));
  BOOST_TEST((sent.horizon == horizon{0, 1}));
  BOOST_TEST(on.router.epochs == std::vector<std::uint64_t>{0}, boost::test_tools::per_element());
  BOOST_TEST(on.is_stored(record_key));
  BOOST_TEST(on.is_stored(key_of(sent)));
}

BOOST_AUTO_TEST_CASE(a_message_is_gone_with_the_transition_that_consumes_it) {
  turns on;
  auto sends = on.begin();
  sends.send(drawer, to_do("open"));
  sends.commit();
  on.run();
  const auto m = std::move(on.router.sent.front());
  auto takes = on.begin(drawer);
  takes.consume(*m);
  takes.commit();
  BOOST_TEST(on.is_stored(key_of(*m)));  // not yet durable
  on.run();
  BOOST_TEST(on.stored_in(keys::messages_range()) == 0u);
  BOOST_TEST(on.log.durable() == 2u);
}

BOOST_AUTO_TEST_CASE(a_caller_outside_is_answered_when_it_is_durable) {
  turns on;
  caller who;
  auto asked = who.asks();
  auto t = on.begin();
  t.answer(asked, payload("done"));
  t.commit();
  BOOST_TEST(!who.told.has_value());
  on.run();
  BOOST_REQUIRE(who.told.has_value());
  BOOST_TEST((**who.told == payload("done")));
}

BOOST_AUTO_TEST_CASE(a_caller_outside_hears_that_it_was_not_written) {
  turns on;
  caller who;
  auto asked = who.asks();
  auto t = on.begin();
  t.answer(asked, payload("done"));
  t.commit();
  on.log.drop_all(commit_outcome::not_applied);
  on.run();
  BOOST_REQUIRE(who.told.has_value());
  BOOST_TEST((who.told->error().why == cause::unavailable));
  BOOST_TEST(on.store.durable() == 0u);
}

BOOST_AUTO_TEST_CASE(an_unlogged_message_has_no_record_and_an_id_from_outside) {
  turns on;
  auto t = on.begin();
  t.send_unlogged(drawer, to_do("look"), reply_to{order.key, {1, 1}, 3});
  t.commit();
  on.run();
  BOOST_REQUIRE(on.router.sent.size() == 1u);
  const auto& sent = *on.router.sent.front();
  BOOST_TEST(!sent.durable);
  BOOST_TEST((sent.id.term == 0u && sent.id.at == on.ids.nonce()));
  BOOST_TEST(on.stored_in(keys::messages_range()) == 0u);
}

BOOST_AUTO_TEST_CASE(a_message_that_is_due_later_is_a_timer_with_a_record) {
  turns on;
  const auto due = on.services.now() + 1h;
  auto t = on.begin();
  t.send(drawer, to_do("open"), {}, due);
  t.send_unlogged(drawer, to_do("look"), {}, due);
  t.commit();
  on.run();
  BOOST_TEST(on.router.sent.empty());
  BOOST_REQUIRE(on.timers.recorded.size() == 1u);
  BOOST_TEST((on.timers.recorded.front()->timer_due == due));
  BOOST_TEST(on.timers.unrecorded.size() == 1u);
  BOOST_TEST(on.stored_in(keys::timers_range()) == 1u);
  BOOST_TEST(on.stored_in(keys::messages_range()) == 0u);
}

BOOST_AUTO_TEST_CASE(a_timer_that_is_forgotten_is_cancelled_and_its_record_goes) {
  turns on;
  const auto due = on.services.now() + 1h;
  auto sets = on.begin(order);
  const auto g = sets.as_generation();
  sets.fire_later(g, 4, due);
  sets.commit();
  on.run();
  BOOST_TEST(on.stored_in(keys::timers_range()) == 1u);
  auto forgets = on.begin(order);
  forgets.forget_timer(g, 4, due);
  forgets.commit();
  on.run();
  BOOST_TEST(on.stored_in(keys::timers_range()) == 0u);
  BOOST_REQUIRE(on.timers.cancelled.size() == 1u);
  BOOST_TEST((on.timers.cancelled.front() == due));
}

BOOST_AUTO_TEST_CASE(a_transition_that_is_taken_back_leaves_only_its_position) {
  turns on;
  bool opened = false;
  auto t = on.begin();
  t.put(record_key, "8");
  t.send(drawer, to_do("open"));
  t.send(drawer, to_do("open"), {}, on.services.now() + 1h);
  t.leave([&](commit_outcome) { opened = true; });
  t.take_back();
  t.commit();
  on.run();
  BOOST_TEST(on.log.durable() == 1u);
  BOOST_TEST((on.router.sent.empty() && on.timers.recorded.empty() && !opened));
  BOOST_TEST(!on.is_stored(record_key));
  BOOST_TEST(on.stored_in(keys::messages_range()) == 0u);
}

BOOST_AUTO_TEST_CASE(a_transition_of_an_epoch_that_is_over_never_happens) {
  turns on;
  const auto before = on.log.epoch();
  on.log.drop_all(commit_outcome::not_applied);
  on.log.begin(2, 0);
  transition t(on.services, till, on.services.now());
  BOOST_TEST(!t.open(before));
  BOOST_TEST(on.log.newest() == 0u);
}

BOOST_AUTO_TEST_CASE(counts_of_crashes_are_asked_about_when_there_are_any) {
  turns on;
  message m;
  auto first = on.begin();
  first.consume(m);
  first.commit();
  BOOST_TEST(on.letters.asked == 0);
  on.letters.blame();
  auto second = on.begin();
  second.consume(m);
  second.commit();
  BOOST_TEST(on.letters.asked == 1);
}

BOOST_AUTO_TEST_CASE(watchers_hear_of_an_instance_when_it_is_durable) {
  turns on;
  std::vector<std::string> changed;
  on.changes.add([&](const std::string& id) { changed.push_back(id); });
  auto of_actor = on.begin(till);
  of_actor.commit();
  auto of_instance = on.begin(order);
  of_instance.commit();
  BOOST_TEST(changed.empty());
  on.run();
  BOOST_TEST(changed == std::vector<std::string>{"order"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(spans_of_what_is_lost_are_not_told) {
  turns on;
  span one;
  one.name = "first";
  auto kept = on.begin();
  kept.report(one);
  kept.commit();
  on.run();
  one.name = "second";
  auto lost = on.begin();
  lost.report(one);
  lost.commit();
  on.log.drop_all(commit_outcome::not_applied);
  on.run();
  BOOST_REQUIRE(on.told_spans.size() == 1u);
  BOOST_TEST(on.told_spans.front().name == "first");
}

BOOST_AUTO_TEST_SUITE_END()
