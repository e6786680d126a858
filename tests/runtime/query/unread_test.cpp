// Records that cannot be read for a while: who waits from outside is told `unavailable`, nothing is lost of
// what waits inside, and the next try finds them. Only damage sets its owner aside.

#include <boost/test/unit_test.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "tests/support/hooked_store.hpp"
#include "tests/support/parts.hpp"
#include "tests/support/world.hpp"

using namespace reprise;
using namespace reprise::testing;
using namespace std::chrono_literals;
using parts::number;

namespace {

// A world whose reads fail from the `skip`-th on, `fails` of them.
struct unread_world {
  explicit unread_world(std::uint64_t seed = 1)
      : w(seed, disk::memory, parts::bound, world::begins::down) {
    w.wrap([this](std::unique_ptr<persistence::store> inner) {
      return std::make_unique<hooked_store>(
          std::move(inner),
          hooked_store::hooks{.fails_read = [this](const auto& r) { return fails_now(r); }});
    });
    w.open();
  }
  bool fails_now(const persistence::load_request& r) {
    if (pages_are_read && r.keys.empty()) return false;
    if (skip > 0) return --skip, false;
    return fails > 0 && (--fails, true);
  }
  // True when all that was to fail has failed.
  bool failed() const noexcept { return fails == 0; }
  void fail(unsigned first, unsigned times) { skip = first, fails = times; }
  void heal() { skip = fails = 0; }

  unsigned skip = 0, fails = 0;
  bool pages_are_read = false;  // only single records cannot be
  world w;
};

template <class T>
bool is_unavailable(const std::optional<result<T>>& told) {
  return told && !*told && told->error().why == cause::unavailable;
}

number state_of(world& w, const std::string& tally) { return *w.get(parts::read(tally)); }

}  // namespace

BOOST_AUTO_TEST_SUITE(unread)

BOOST_AUTO_TEST_CASE(an_actor_that_could_not_be_read_serves_the_next_call) {
  unread_world u;
  u.w.get(parts::add("t", number{5}));
  u.w.forget();
  u.fail(0, 2);
  for (int i = 0; i < 2; ++i)
    BOOST_TEST(is_unavailable(u.w.perform(parts::add("t", number{1}).what())));
  BOOST_TEST(u.failed());
  BOOST_TEST(*u.w.get(parts::add("t", number{1})) == 6);
}

BOOST_AUTO_TEST_CASE(an_entry_or_a_key_that_could_not_be_read_is_read_by_the_next_call) {
  for (const bool with_key : {false, true})
    for (unsigned skip = 0; skip < 3; ++skip) {
      unread_world u;
      u.w.get(parts::bump("s", std::string("x")));
      u.w.forget();
      ask_options o;
      if (with_key) o.once = idempotency{"anna", "one"};
      u.fail(skip, 1);  // the actor, the key, the entry
      const auto told = u.w.perform(parts::bump("s", std::string("x")).what(), o);
      if (!u.failed()) continue;
      BOOST_TEST(is_unavailable(told));
      const auto again = u.w.perform(parts::bump("s", std::string("x")).what(), o);
      BOOST_TEST((again && *again));
      BOOST_TEST(*u.w.get(parts::look("s", std::string("x"))) == 2);
    }
}

BOOST_AUTO_TEST_CASE(messages_to_an_actor_that_cannot_be_read_wait_and_are_done_once) {
  for (unsigned skip = 0; skip < 4; ++skip)
    for (const unsigned times : {1u, 5u}) {
      unread_world u;
      BOOST_REQUIRE(*u.w.start(parts::errand.as("e", number{1})));  // tells and calls, entries too
      u.fail(skip, times);
      BOOST_TEST(u.w.run_until([&] { return u.failed() && u.w.ended("e"); }, 1h));
      u.w.run();
      BOOST_TEST((*u.w.get(parts::look("errands", std::string("told"))) == 1));
      BOOST_TEST((*u.w.get(parts::look("errands", std::string("called"))) == 1));
      BOOST_TEST(state_of(u.w, "errand") == 1);
      BOOST_TEST(u.w.waiting_records() == 0u);
    }
}

BOOST_AUTO_TEST_CASE(an_instance_that_could_not_be_read_goes_on) {
  unsigned met = 0;
  for (unsigned skip = 0; skip < 5; ++skip)
    for (const unsigned times : {1u, 3u}) {
      unread_world u;
      BOOST_REQUIRE(*u.w.start(parts::collect.as("c")));
      BOOST_REQUIRE(*u.w.raise(parts::nudge.to("c", number{3})));
      u.w.run();
      u.w.forget();
      u.fail(skip, times);
      const auto told = u.w.raise(parts::nudge.to("c", number{4}));
      BOOST_REQUIRE(told.has_value());
      const bool taken = static_cast<bool>(*told);
      if (!taken) BOOST_TEST((told->error().why == cause::unavailable));
      u.w.run_until([&] { return u.failed(); }, 10min);
      met += u.failed();
      u.heal();
      BOOST_REQUIRE(*u.w.raise(parts::nudge.to("c", number{0})));
      BOOST_TEST(u.w.run_until([&] { return u.w.ended("c"); }, 1min));
      const auto s = u.w.status("c");
      BOOST_REQUIRE((s && *s && (*s)->outcome && *(*s)->outcome));
      BOOST_TEST(*(*codec<number>::decode(**(*s)->outcome)) == (taken ? 7 : 3));
    }
  BOOST_TEST(met >= 6u);  // header, requests, history
}

BOOST_AUTO_TEST_CASE(an_instance_that_cannot_be_looked_at_is_not_called_damaged) {
  unread_world u;
  BOOST_REQUIRE(*u.w.start(parts::nap.as("n", number{60})));
  u.w.run();
  for (const auto how : {with_history::no, with_history::yes})
    for (unsigned skip = 0; skip < 2; ++skip) {  // the header, the history
      u.fail(skip, 1);
      BOOST_TEST(is_unavailable(u.w.status("n", how)));
      BOOST_TEST(static_cast<bool>(*u.w.status("n", how)));
    }
}

// Nobody calls it: it was to go on by itself.
BOOST_AUTO_TEST_CASE(an_instance_with_something_of_its_own_to_do_is_read_again_by_itself) {
  for (unsigned skip = 0; skip < 3; ++skip) {
    unread_world u;
    BOOST_REQUIRE(*u.w.start(parts::nap.as("n", number{60})));
    u.w.run();
    u.w.forget();
    u.fail(skip, 4);
    u.w.advance(10min);
    BOOST_TEST(u.failed());
    BOOST_TEST(u.w.ended("n"));
    BOOST_TEST(state_of(u.w, "woken") == 1);
  }
}

BOOST_AUTO_TEST_CASE(a_purge_that_could_not_read_is_not_done_and_can_be_asked_for_again) {
  for (unsigned skip = 0; skip < 4; ++skip) {
    unread_world u;
    BOOST_REQUIRE(*u.w.start(parts::errand.as("e", number{1})));
    BOOST_TEST(u.w.run_until([&] { return u.w.ended("e"); }, 1h));
    u.w.run();
    u.w.forget();
    u.fail(skip, 1);
    std::optional<result<>> told;
    u.w.at().instances().purge("e", {children::included}, {}, [&](auto r) { told = std::move(r); });
    u.w.run();
    BOOST_REQUIRE(told.has_value());
    const bool gone = static_cast<bool>(*told);
    if (!gone) BOOST_TEST((told->error().why == cause::unavailable), told->error().text);
    u.heal();
    BOOST_TEST(static_cast<bool>(*u.w.status("e")) == !gone);
    if (gone) continue;
    u.w.at().instances().purge("e", {children::included}, {}, [&](auto r) { told = std::move(r); });
    u.w.run();
    BOOST_TEST(static_cast<bool>(*told));
  }
}

BOOST_AUTO_TEST_CASE(a_lane_that_could_not_be_read_is_read_again) {
  for (const unsigned skip : {0u, 1u, 2u, 5u}) {
    unread_world u;
    u.fail(skip, 3);
    // More than a mailbox keeps: the rest is in the table.
    u.w.ask(parts::fan("h", parts::numbers{3'000, 0, 1}).what());
    u.w.run();
    if (!u.failed()) BOOST_TEST(u.w.run_until([&] { return u.failed(); }, 10min));
    u.heal();
    u.w.advance(10min);
    const auto seen = *u.w.get(parts::seen("in-0"));
    const bool fanned = seen[0] > 0;  // else its own actor was what could not be read
    if (fanned) BOOST_TEST(seen[0] == 3'000);
    BOOST_TEST(seen[1] == 0);
    BOOST_TEST(u.w.waiting_records() == 0u);
  }
}

BOOST_AUTO_TEST_CASE(a_disk_that_cannot_be_read_is_said_once_and_asked_ever_less_often) {
  unread_world u;
  u.w.get(parts::remind("h", std::string("t")));
  u.w.run();
  u.w.forget();
  u.pages_are_read = true;
  u.fail(0, 1'000'000);
  u.w.advance(1h + 1min);
  const auto in_a_minute = 1'000'000 - u.fails;
  u.w.advance(1h);
  BOOST_TEST(1'000'000 - u.fails < in_a_minute + 100);
  unsigned said = 0;
  for (const auto& line : u.w.said) said += line.find("tally/t: it cannot be read") != line.npos;
  BOOST_TEST(said == 1u);
  u.heal();
  u.w.advance(2min);
  BOOST_TEST(state_of(u.w, "t") == 1);
}

BOOST_AUTO_TEST_SUITE_END()
