// A store that is full: who waits from outside is told so, whatever it waits for; what is from inside waits
// until there is room, and nothing that was done is called refused.

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "persistence/testing/faulty_store.hpp"
#include "tests/support/parts.hpp"
#include "tests/support/world.hpp"

using namespace reprise;
using namespace reprise::testing;
using namespace std::chrono_literals;
using parts::number;

namespace {

// Takes every write, and says what the test says of its room.
class narrow_store final : public persistence::internal::faulty_store {
 public:
  using faulty_store::faulty_store;

  void is_behind() { waits_ = true; }
  void is_full() {
    waits_ = full_ = true;
    if (events_.full) events_.full({persistence::errc::full, "no room is left"});
  }
  void has_room() {
    waits_ = full_ = false;
    if (events_.room) events_.room();
  }

  bool must_wait() const noexcept override { return waits_; }
  persistence::store_load load_state() const override {
    persistence::store_load s;
    s.must_wait = waits_;
    s.full = full_;
    return s;
  }
  void watch(persistence::store_events e) override { events_ = std::move(e); }

 private:
  persistence::store_events events_;
  bool waits_ = false, full_ = false;
};

struct narrow_world {
  explicit narrow_world(std::uint64_t seed)
      : w(seed, disk::memory, parts::bound, world::begins::down) {
    w.wrap([this](std::unique_ptr<persistence::store> inner) {
      auto outer =
          std::make_unique<narrow_store>(std::move(inner), persistence::internal::mishap_plan{});
      store = outer.get();
      return outer;
    });
    w.open();
  }
  narrow_store* store = nullptr;
  world w;
};

world::answer_slot add(world& w, const std::string& to, ask_options o = {}) {
  return w.ask(parts::add(to, number{1}).what(), std::move(o));
}
bool was_full(const world::answer_slot& told) {
  return *told && !**told && (**told).error().why == cause::storage_full;
}
bool was_done(const world::answer_slot& told) { return *told && **told; }

}  // namespace

BOOST_AUTO_TEST_SUITE(full_stores)

BOOST_AUTO_TEST_CASE(a_waiting_call_is_refused_when_the_disk_fills_and_a_tell_waits) {
  narrow_world n(1);
  n.w.get(parts::remind("h", std::string("t")));  // a tell, in an hour
  n.w.run();
  const auto waits = add(n.w, "t");
  n.store->is_behind();
  n.w.advance(2h);
  BOOST_TEST(!waits->has_value());  // the disk may catch up at any moment
  n.store->is_full();
  n.w.run();
  BOOST_TEST(was_full(waits));
  BOOST_TEST(n.w.waiting_records() > 0u);
  n.store->has_room();
  n.w.run();
  BOOST_TEST(*n.w.get(parts::read("t")) == 1);
  BOOST_TEST(n.w.waiting_records() == 0u);
}

BOOST_AUTO_TEST_CASE(a_call_and_a_start_let_in_just_before_the_disk_fills_are_refused) {
  narrow_world n(1);
  const auto call = add(n.w, "t");
  std::optional<result<std::string>> start;
  n.w.at().start(parts::collect.as("c").what(), {}, [&](auto r) { start = std::move(r); });
  n.store->is_full();
  n.w.run();
  BOOST_TEST(was_full(call));
  BOOST_REQUIRE((start && !*start));
  BOOST_TEST((start->error().why == cause::storage_full));
  n.store->has_room();
  n.w.run();
  BOOST_TEST(*n.w.get(parts::read("t")) == 0);
  BOOST_TEST(!static_cast<bool>(*n.w.status("c")));
}

BOOST_AUTO_TEST_CASE(a_node_says_whether_its_disk_is_behind_or_full) {
  narrow_world n(1);
  const auto state = [&] {
    n.w.run();
    return n.w.at().state();
  };
  BOOST_TEST((state() == node_state::ready));
  n.store->is_behind();
  BOOST_TEST((state() == node_state::behind));
  n.store->is_full();
  BOOST_TEST((state() == node_state::full));
  n.store->has_room();
  BOOST_TEST((state() == node_state::ready));
  n.w.at().close();
  BOOST_TEST((state() == node_state::closed));
}

// One that was begun a moment before has not purged all, and one that comes now is refused.
BOOST_AUTO_TEST_CASE(a_purge_by_filter_does_not_say_that_all_are_gone) {
  narrow_world n(1);
  for (const auto* id : {"a", "b"}) {
    BOOST_REQUIRE(*n.w.start(parts::collect.as(id)));
    BOOST_REQUIRE(*n.w.raise(parts::nudge.to(id, number{0})));
  }
  n.w.run();
  std::optional<result<purge_report>> told;
  const auto purge = [&] {
    n.w.at().operate().purge({}, 1min, [&](auto r) { told = std::move(r); });
  };
  purge();
  n.store->is_full();
  n.w.run();
  BOOST_REQUIRE((told && *told));
  BOOST_TEST((*told)->purged == 0u);
  BOOST_TEST(!(*told)->complete);
  purge();
  n.w.run();
  BOOST_REQUIRE((told && !*told));
  BOOST_TEST((told->error().why == cause::storage_full));
  n.store->has_room();
  purge();
  n.w.run();
  BOOST_REQUIRE((told && *told));
  BOOST_TEST((*told)->purged == 2u);
  BOOST_TEST((*told)->complete);
}

// Nobody gives it a turn before the section ends, and that cannot end.
BOOST_AUTO_TEST_CASE(a_call_that_waits_for_a_critical_section_is_refused) {
  narrow_world n(1);
  BOOST_REQUIRE(*n.w.start(parts::hold.as("h", parts::names{"t"}).what()));
  n.w.run();
  const auto waits = add(n.w, "t");
  n.w.run();
  BOOST_TEST(!waits->has_value());
  n.store->is_full();
  n.w.run();
  BOOST_TEST(was_full(waits));
  n.store->has_room();
  BOOST_REQUIRE(*n.w.raise(parts::nudge.to("h", number{1})));
  n.w.run();
  BOOST_TEST(*n.w.get(parts::read("t")) == 0);
}

// It reads the actor, then the entry, one step each: after some of them its first turn is in the middle.
BOOST_AUTO_TEST_CASE(a_turn_under_way_comes_to_its_end) {
  int ended = 0;
  for (int steps = 0; steps < 12; ++steps) {
    narrow_world n(1);
    n.w.get(parts::bump("s", std::string("x")));
    n.w.forget();
    const auto first = n.w.ask(parts::bump("s", std::string("x")).what());
    const auto second = n.w.ask(parts::bump("s", std::string("x")).what());
    for (int i = 0; i < steps; ++i) n.w.step();
    const bool open = !first->has_value();
    n.store->is_full();
    n.w.run();
    BOOST_TEST((was_done(first) || was_full(first)), "after " << steps);
    BOOST_TEST((was_done(second) || was_full(second)), "after " << steps);
    ended += open && was_done(first) && was_full(second);
    n.store->has_room();
    BOOST_TEST(*n.w.get(parts::look("s", std::string("x"))) ==
               1 + was_done(first) + was_done(second));
  }
  BOOST_TEST(ended > 0);
}

BOOST_AUTO_TEST_CASE(free_room_may_come_at_any_moment_and_answers_match_what_was_done) {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    narrow_world n(seed);
    std::vector<world::answer_slot> told;
    for (int i = 0; i < 12; ++i) told.push_back(add(n.w, "t" + std::to_string(i % 3)));
    for (std::uint64_t i = 0; i < seed % 5; ++i) n.w.step();
    n.store->is_full();
    for (std::uint64_t i = 0; i < seed / 3; ++i) n.w.step();
    n.store->has_room();
    n.w.run();
    number done = 0, is = 0;
    for (const auto& each : told) {
      BOOST_TEST((was_done(each) || was_full(each)), "seed " << seed);
      done += was_done(each);
    }
    for (const auto* key : {"t0", "t1", "t2"}) is += *n.w.get(parts::read(key));
    BOOST_TEST(is == done, "seed " << seed);
  }
}

BOOST_AUTO_TEST_CASE(a_key_that_was_refused_is_free_and_one_that_was_used_is_known) {
  narrow_world n(1);
  ask_options once;
  once.once = idempotency{"anna", "one"};
  const auto refused = add(n.w, "t", once);
  n.store->is_full();
  n.w.run();
  BOOST_TEST(was_full(refused));
  n.store->has_room();
  const auto again = add(n.w, "t", once);
  n.w.run();
  BOOST_TEST(was_done(again));
  const auto repeated = add(n.w, "t", once);
  n.store->is_full();
  n.w.run();
  BOOST_TEST(was_full(repeated));  // it was not looked at
  n.store->has_room();
  const auto known = add(n.w, "t", once);
  n.w.run();
  BOOST_TEST(was_done(known));
  BOOST_TEST(*n.w.get(parts::read("t")) == 1);
}

BOOST_AUTO_TEST_CASE(a_full_disk_is_logged_once_until_there_is_room) {
  narrow_world n(1);
  const auto lines = [&](const std::string& words) {
    return std::count_if(n.w.said.begin(), n.w.said.end(),
                         [&](const auto& s) { return s.starts_with(words); });
  };
  for (int i = 0; i < 3; ++i) n.store->is_full();
  n.w.run();
  BOOST_TEST(lines("there is no room") == 1);
  for (int i = 0; i < 2; ++i) n.store->has_room();
  n.w.run();
  BOOST_TEST(lines("there is room again") == 1);
}

BOOST_AUTO_TEST_SUITE_END()
