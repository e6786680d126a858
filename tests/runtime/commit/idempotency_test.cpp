// Effects from outside that happen once per key, whatever happens to who asked and to who was asked.

#include <boost/test/unit_test.hpp>

#include "tests/support/parts.hpp"
#include "tests/support/world.hpp"

using namespace reprise;
using namespace reprise::testing;
using namespace std::chrono_literals;

namespace {

ask_options once(const std::string& key, std::uint64_t body = 1, const std::string& who = "ann") {
  return {idempotency{who, key, body}};
}

result<payload> perform(world& w, const request& what, ask_options o) {
  auto answer = w.perform(what, std::move(o));
  BOOST_REQUIRE(answer.has_value());
  return *answer;
}

parts::number add(world& w, parts::number n, ask_options o) {
  const auto answer = perform(w, parts::add("t", n).what(), std::move(o));
  BOOST_REQUIRE(static_cast<bool>(answer));
  return *codec<parts::number>::decode(*answer);
}

parts::number read(world& w) { return *w.get(parts::read("t")); }

void restart(world& w) {
  w.crash();
  w.open();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(idempotency_keys)

BOOST_AUTO_TEST_CASE(the_same_key_gives_the_same_answer_and_one_effect) {
  for (auto d : {disk::memory, disk::lmdb}) {
    world w(1, d, parts::bound);
    BOOST_TEST(add(w, 5, once("k")) == 5);
    BOOST_TEST(add(w, 5, {}) == 10);
    BOOST_TEST(add(w, 5, once("k")) == 5);
    w.run();
    w.forget();
    BOOST_TEST(add(w, 5, once("k")) == 5);
    restart(w);
    BOOST_TEST(add(w, 5, once("k")) == 5);
    BOOST_TEST(read(w) == 10);
  }
}

BOOST_AUTO_TEST_CASE(a_step_of_the_clock_does_not_make_a_key_old_at_once) {
  world w(1, disk::memory, parts::bound);
  BOOST_TEST(add(w, 5, once("k")) == 5);
  w.advance(1h);
  w.clock(w.now() + 30 * 365 * 24h);
  BOOST_TEST(add(w, 5, once("k")) == 5);
  w.advance(9min);
  BOOST_TEST(add(w, 5, once("k")) == 5);
  w.advance(5min);
  BOOST_TEST(add(w, 5, once("k")) == 10);
}

BOOST_AUTO_TEST_CASE(two_calls_with_one_key_at_once_have_one_effect) {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    world w(seed, disk::memory, parts::bound);
    const auto a = w.ask(parts::add("t", parts::number{3}).what(), once("k"));
    const auto b = w.ask(parts::add("t", parts::number{3}).what(), once("k"));
    w.run();
    BOOST_TEST((*a && *b && **a && **b));
    BOOST_TEST(((**a)->bytes() == (**b)->bytes()));
    BOOST_TEST(read(w) == 3);
  }
}

BOOST_AUTO_TEST_CASE(another_body_under_the_key_is_a_mismatch) {
  world w(2, disk::memory, parts::bound);
  add(w, 5, once("k", 1));
  const auto other = perform(w, parts::add("t", parts::number{6}).what(), once("k", 2));
  BOOST_TEST((!other && other.error().why == cause::mismatch));
  BOOST_TEST(read(w) == 5);
}

BOOST_AUTO_TEST_CASE(keys_are_scoped_to_principal_target_and_operation) {
  world w(3, disk::memory, parts::bound);
  add(w, 1, once("k"));
  add(w, 1, once("k", 1, "bob"));
  (void)perform(w, parts::stretch("t", parts::number{1}).what(), once("k"));
  (void)perform(w, parts::add("other", parts::number{1}).what(), once("k"));
  w.run();
  BOOST_TEST(read(w) == 3);
  BOOST_TEST(*w.get(parts::read("other")) == 1);
}

BOOST_AUTO_TEST_CASE(a_key_outlives_the_actor) {
  for (bool crash : {false, true}) {
    world w(4, disk::memory, parts::bound);
    BOOST_TEST(add(w, 5, once("k")) == 5);
    BOOST_TEST(*w.get(parts::wipe("t")) == 5);
    if (crash) restart(w);
    BOOST_TEST(add(w, 5, once("k")) == 5);
    BOOST_TEST(read(w) == 0);
  }
}

BOOST_AUTO_TEST_CASE(a_rejection_is_kept) {
  world w(5, disk::memory, parts::bound);
  const auto ask = [&] { return perform(w, parts::add("t", parts::number{-5}).what(), once("k")); };
  BOOST_TEST((!ask() && ask().error().why == cause::rejected));
  add(w, 10, {});
  BOOST_TEST((!ask() && ask().error().why == cause::rejected));
  restart(w);
  BOOST_TEST((!ask() && ask().error().why == cause::rejected));
  BOOST_TEST(read(w) == 10);
}

BOOST_AUTO_TEST_CASE(a_read_is_never_kept) {
  world w(6, disk::memory, parts::bound);
  const auto look = [&]() -> parts::number {
    return *codec<parts::number>::decode(*perform(w, parts::read("t").what(), once("k")));
  };
  BOOST_TEST(look() == 0);
  add(w, 7, {});
  BOOST_TEST(look() == 7);
}

BOOST_AUTO_TEST_CASE(a_refusal_before_the_turn_is_not_kept) {
  world w(7, disk::memory, [] { return application(); });
  const auto refused = perform(w, parts::add("t", parts::number{5}).what(), once("k"));
  BOOST_TEST((!refused && refused.error().why == cause::unbound));
  w.bind(parts::bound);
  w.close();
  w.open();
  BOOST_TEST(add(w, 5, once("k")) == 5);
}

BOOST_AUTO_TEST_CASE(a_key_goes_by_age) {
  world w(8, disk::memory, parts::bound);
  BOOST_TEST(add(w, 5, once("k")) == 5);
  w.advance(23h);
  BOOST_TEST(add(w, 5, once("k")) == 5);
  w.advance(2h);
  BOOST_TEST(add(w, 5, once("k")) == 10);
}

BOOST_AUTO_TEST_CASE(a_start_with_a_key_starts_once_also_after_the_end) {
  for (bool crash : {false, true}) {
    world w(9, disk::memory, parts::bound);
    const auto start = [&] {
      const auto id = w.start(parts::nap.as("n", parts::number{1}), once("k"));
      BOOST_REQUIRE((id && *id));
      return **id;
    };
    BOOST_TEST(start() == "n");
    BOOST_TEST(start() == "n");
    BOOST_TEST(w.run_until([&] { return w.ended("n"); }));
    w.run();
    if (crash) restart(w);
    BOOST_TEST(start() == "n");
    w.advance(1min);
    BOOST_TEST(*w.get(parts::read("woken")) == 1);
    const auto without = w.start(parts::nap.as("n", parts::number{1}));
    BOOST_TEST((without && *without));  // an ended one may begin again
    w.advance(1min);
    BOOST_TEST(start() == "n");  // and the key still is the first one's
    w.advance(1min);
    BOOST_TEST(*w.get(parts::read("woken")) == 2);
  }
}

// Nobody gives the id: it follows from who asks, what for and with which key.
BOOST_AUTO_TEST_CASE(a_start_without_an_id_and_with_a_key_is_one_instance) {
  for (bool crash : {false, true}) {
    world w(11, disk::memory, parts::bound);
    const auto start = [&](ask_options o) {
      const auto id = w.start(parts::nap(parts::number{1}), std::move(o));
      BOOST_REQUIRE((id && *id));
      return **id;
    };
    const auto first = start(once("k"));
    if (crash) restart(w);
    BOOST_TEST(start(once("k")) == first);
    BOOST_TEST(start(once("l")) != first);
    BOOST_TEST(start(once("k", 1, "bob")) != first);
    BOOST_TEST(start({}) != start({}));
    const auto other = w.start(parts::nap(parts::number{1}), once("k", 2));
    BOOST_TEST((other && !*other && other->error().why == cause::mismatch));
    w.advance(1min);
    BOOST_TEST(start(once("k")) == first);
    w.advance(1min);
    BOOST_TEST(*w.get(parts::read("woken")) == 5);
  }
}

BOOST_AUTO_TEST_CASE(a_restart_without_an_id_and_with_a_key_is_one_instance) {
  world w(12, disk::memory, parts::bound);
  BOOST_REQUIRE(*w.start(parts::nap.as("n", parts::number{1})));
  w.advance(1min);
  const auto again = [&](const char* key) {
    std::optional<result<std::string>> id;
    w.at().instances().restart("n", "", once(key),
                               [&](result<std::string> r) { id = std::move(r); });
    w.run();
    BOOST_REQUIRE((id && *id));
    return **id;
  };
  const auto first = again("k");
  BOOST_TEST(first != "n");
  BOOST_TEST(again("k") == first);
  BOOST_TEST(again("l") != first);
}

BOOST_AUTO_TEST_CASE(an_event_with_a_key_is_raised_once) {
  for (bool crash : {false, true}) {
    world w(10, disk::memory, parts::bound);
    BOOST_REQUIRE(*w.start(parts::collect.as("c")));
    const auto raise = [&](parts::number n, const char* key) {
      const auto r = w.raise(parts::nudge.to("c", n), once(key));
      BOOST_TEST((r && *r));
    };
    raise(4, "four");
    if (crash) restart(w);
    raise(4, "four");
    raise(0, "end");
    BOOST_TEST(w.run_until([&] { return w.ended("c"); }));
    raise(0, "end");  // the same answer, although it has ended
    const auto s = w.status("c");
    const auto sum = *codec<parts::number>::decode(**(*s)->outcome);
    BOOST_TEST(*sum == 4);
    BOOST_TEST((w.terminate("c", "x", once("t")) && !*w.terminate("c", "x", once("t"))));
  }
}

BOOST_AUTO_TEST_SUITE_END()
