// Entries of tables over a node: loads that are older than what was written, runs that are discarded.

#include <memory>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "persistence/limits.hpp"
#include "persistence/testing/faulty_store.hpp"

#include "tests/support/parts.hpp"
#include "tests/support/world.hpp"

using namespace reprise;
using namespace reprise::testing;

namespace {

parts::number number_of(const world::answer_slot& slot) {
  BOOST_REQUIRE(slot->has_value());
  BOOST_REQUIRE(static_cast<bool>(**slot));
  return *codec<parts::number>::decode(***slot);
}

constexpr actor<none> shelf{"shelf"};
constexpr operation<none, parts::number, none> stock{shelf,
                                                     "stock"};  // 100,000 entries from here on
constexpr operation<none, parts::number, parts::number> reprint{
    shelf, "reprint"};  // one of them, up by one

struct shelf_actor {
  table<std::uint64_t, parts::number> books{"books"};
  result<none> fill(parts::number from) {
    for (parts::number i = 0; i < 100'000; ++i) books.put(static_cast<std::uint64_t>(from + i), 1);
    return none();
  }
  result<parts::number> up(parts::number which) {
    const auto at = static_cast<std::uint64_t>(which);
    const auto now = books.find(at);
    books.put(at, now ? **now + 1 : 1);
    return now ? **now + 1 : 1;
  }
};

constexpr actor<none> index_of_words{"index"};
constexpr operation<none, std::string, none> write_down{index_of_words, "write-down"};
constexpr operation<none, std::string, bool> has{index_of_words, "has"};
constexpr operation<none, std::vector<std::string>, parts::number> between{index_of_words,
                                                                           "between"};

constexpr operation<none, std::vector<std::string>, parts::number> first_two{index_of_words,
                                                                             "first-two"};
constexpr operation<none, parts::number, parts::number> look_up{index_of_words, "look-up"};

struct index_actor {
  table<std::string, bool> words{"words"};
  result<none> write_down(const std::string& word) {
    words.put(word, true);
    return none();
  }
  result<bool> has(const std::string& word) { return words.find(word).has_value(); }
  result<parts::number> between(const std::vector<std::string>& bounds) {
    return static_cast<parts::number>(words.scan(bounds[0], bounds[1]).size());
  }
  result<parts::number> first_two(const std::vector<std::string>& bounds) {
    return static_cast<parts::number>(words.scan(bounds[0], bounds[1], 2).size());
  }
  result<parts::number> look_up(parts::number many) {
    parts::number found = 0;
    for (parts::number i = 0; i < many; ++i)
      if (words.find("w" + std::to_string(i))) ++found;
    return found;
  }
};

application with_index() {
  application app;
  app.bind(write_down, &index_actor::write_down).bind(has, &index_actor::has);
  app.bind(between, &index_actor::between).bind(first_two, &index_actor::first_two);
  app.bind(look_up, &index_actor::look_up);
  return app;
}

application with_shelf() {
  application app;
  app.bind(stock, &shelf_actor::fill).bind(reprint, &shelf_actor::up);
  return app;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(tables)

// A scan's page is read before the entry just written is durable, and used after: the host must lay its
// own write over it.
BOOST_AUTO_TEST_CASE(an_own_write_is_seen_until_a_view_shows_it) {
  for (auto d : {disk::memory, disk::lmdb})
    for (std::uint64_t seed = 1; seed <= (d == disk::memory ? 300u : 5u); ++seed) {
      world w(seed, d, parts::bound);
      std::vector<world::answer_slot> totals;
      for (int i = 0; i < 12; ++i) {
        w.ask(parts::bump("page", "line" + std::to_string(i % 5)).what());
        totals.push_back(w.ask(parts::total("page").what()));
        for (std::uint64_t n = seed % 7; n > 0; --n) w.step();
      }
      w.run();
      for (std::size_t i = 0; i < totals.size(); ++i)
        BOOST_TEST(number_of(totals[i]) == static_cast<parts::number>(i + 1));
    }
}

BOOST_AUTO_TEST_CASE(an_erased_entry_stays_erased_until_a_view_shows_it) {
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    world w(seed, disk::memory, parts::bound);
    w.get(parts::bump("page", std::string("a")));
    w.ask(parts::strike("page", std::string("a")).what());
    const auto total = w.ask(parts::total("page").what());
    const auto again = w.ask(parts::bump("page", std::string("a")).what());
    w.ask(parts::tear("page").what());
    const auto after = w.ask(parts::bump("page", std::string("a")).what());
    w.run();
    BOOST_TEST(number_of(total) == 0);
    BOOST_TEST(number_of(again) == 1);
    BOOST_TEST(number_of(after) == 1);
  }
}

BOOST_AUTO_TEST_CASE(a_read_sees_every_turn_before_it) {
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    world w(seed, disk::memory, parts::bound);
    for (int i = 0; i < 3; ++i) w.ask(parts::bump("page", std::string("a")).what());
    const auto look = w.ask(parts::look("page", std::string("a")).what());
    w.run();
    BOOST_TEST(number_of(look) == 3);
  }
}

// What a caller sends may be the key of an entry, or the bound of a scan, as it is.
BOOST_AUTO_TEST_CASE(a_key_or_a_bound_may_have_any_length) {
  const std::string longest(limits::max_entry_key, 'k'), last(limits::max_entry_key, '\xff');
  for (auto d : {disk::memory, disk::lmdb}) {
    world w(9, d, with_index);
    for (const auto& word : {std::string("a"), longest, std::string("z"), last})
      w.get(write_down("en", word));
    BOOST_TEST(*w.get(has("en", longest)) == true);
    for (const std::size_t more : {1u, 300u, 600u, 70'000u}) {
      const auto beyond = longest + std::string(more, 'k');
      for (const auto& what : {has("en", beyond).what(), write_down("en", beyond).what()}) {
        const auto answer = w.perform(what);
        BOOST_TEST_REQUIRE(answer.has_value());
        BOOST_TEST_REQUIRE(!*answer);
        BOOST_TEST((answer->error().why == cause::limit));
      }
      const auto many = [&](const std::string& from, const std::string& to) {
        return *w.get(between("en", std::vector{from, to}));
      };
      BOOST_TEST(many("a", beyond) == 2);
      BOOST_TEST(many(beyond, "zz") == 1);
      BOOST_TEST(many("a", longest) == 1);
      BOOST_TEST(many(longest, beyond) == 1);
      BOOST_TEST(many("zz", last + std::string(more, '\xff')) == 1);
      BOOST_TEST(many(last + std::string(more, 'a'), last + std::string(more, 'b')) == 0);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_scan_gives_as_many_as_it_is_asked_for_where_there_are_more) {
  for (auto d : {disk::memory, disk::lmdb})
    for (const bool from_the_store : {false, true}) {
      world w(10, d, with_index);
      for (const auto* word : {"a", "b", "c", "d"}) w.get(write_down("en", std::string(word)));
      w.run();
      if (from_the_store) w.forget();
      BOOST_TEST(*w.get(first_two("en", std::vector<std::string>{"a", "z"})) == 2);
      BOOST_TEST(*w.get(first_two("en", std::vector<std::string>{"c", "z"})) == 2);
      BOOST_TEST(*w.get(first_two("en", std::vector<std::string>{"d", "z"})) == 1);
    }
}

// Each is read when it is missed, and the run begins again.
BOOST_AUTO_TEST_CASE(an_operation_may_read_as_many_records_as_the_limit_and_not_one_more) {
  world w(11, disk::memory, with_index);
  w.get(write_down("en", std::string("w7")));
  const auto most = static_cast<parts::number>(limits::max_loads_per_turn);
  BOOST_TEST(*w.get(look_up("en", most)) == 1);
  w.forget();
  const auto refused = w.perform(look_up("en", static_cast<parts::number>(most + 1)).what());
  BOOST_TEST_REQUIRE((refused && !*refused));
  BOOST_TEST((refused->error().why == cause::limit));
  BOOST_TEST(refused->error().text.find("max_loads_per_turn") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_long_table_is_read_in_pages_with_what_is_not_durable_yet) {
  for (auto d : {disk::memory, disk::lmdb}) {
    world w(5, d, parts::bound);
    w.get(parts::fill("page", parts::number{3'000}));
    const auto one_more = w.ask(parts::bump("page", std::string("zz")).what());
    const auto total = w.ask(parts::total("page").what());
    w.ask(parts::strike("page", std::string("f7")).what());
    const auto less = w.ask(parts::total("page").what());
    w.run();
    BOOST_TEST(number_of(one_more) == 1);
    BOOST_TEST(number_of(total) == 3'001);
    BOOST_TEST(number_of(less) == 3'000);
    w.crash();
    w.open();
    BOOST_TEST((*w.get(parts::list("page"))).size() == 3'000u);
  }
}

BOOST_AUTO_TEST_CASE(a_run_that_swallowed_a_missing_entry_is_discarded) {
  world w(6, disk::memory, parts::bound);
  for (parts::number expected = 1; expected <= 4; ++expected) {
    BOOST_TEST(*w.get(parts::careless("page", std::string("a"))) == expected);
    w.run();
    w.forget();  // the next run misses it again
  }
}

BOOST_AUTO_TEST_CASE(an_edit_of_one_entry_of_a_million_is_one_small_write,
                     *boost::unit_test::label("large")) {
  persistence::internal::faulty_store* store = nullptr;
  world w(8, disk::memory, with_shelf, world::begins::down);
  w.wrap([&](std::unique_ptr<persistence::store> inner) {
    auto outer = std::make_unique<persistence::internal::faulty_store>(
        std::move(inner), persistence::internal::mishap_plan{});
    store = outer.get();
    return outer;
  });
  w.open();
  for (parts::number from = 0; from < 1'000'000; from += 100'000) w.get(stock("all", from));
  BOOST_TEST(store->last_group() > 1'000'000u);
  BOOST_TEST(*w.get(reprint("all", parts::number{777'777})) == 2);
  BOOST_TEST(store->last_group() < 200u);
  w.forget();
  BOOST_TEST(*w.get(reprint("all", parts::number{777'777})) == 3);
  BOOST_TEST(store->last_group() < 200u);
}

BOOST_AUTO_TEST_CASE(tables_outlive_passivation_at_every_step) {
  world w(7, disk::memory, parts::bound);
  w.forget_always();
  for (parts::number n = 1; n <= 20; ++n) {
    BOOST_TEST(*w.get(parts::bump("page", std::string("a"))) == n);
    BOOST_TEST(*w.get(parts::add("t", parts::number{2})) == 2 * n);
  }
  BOOST_TEST(*w.get(parts::total("page")) == 20);
}

BOOST_AUTO_TEST_SUITE_END()
