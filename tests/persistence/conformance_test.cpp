// What every store promises, over every store.

#include <atomic>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <future>
#include <string>

#include "tests/persistence/stores.hpp"

using namespace reprise::persistence;
using namespace reprise::persistence::testing;
namespace data = boost::unit_test::data;

BOOST_AUTO_TEST_SUITE(stores)

BOOST_DATA_TEST_CASE(a_committed_group_is_seen_whole_and_survives_a_crash, data::make(all_kinds),
                     k) {
  subject s(k);
  commit(*s, {w().put("b1", "one").put("b2", "two"), w().erase("b1").put("b3", "three")});
  const record_map expected{{"b2", "two"}, {"b3", "three"}};
  BOOST_TEST((all(*s) == expected));
  BOOST_TEST(s->durable() == 2u);
  for (int i = 0; i < 3; ++i) {
    s.crash();
    BOOST_TEST((all(*s) == expected));
    BOOST_TEST(s->durable() == 2u);
  }
  s.restart();
  BOOST_TEST((all(*s) == expected));
}

BOOST_DATA_TEST_CASE(keys_are_answered_in_the_order_asked_with_where_the_view_stood,
                     data::make(all_kinds), k) {
  subject s(k);
  commit(*s, {w().put("b", "1"), w().put("c", "2")});
  s.fold();
  commit(*s, {w().put("d", "3")});
  const auto answer = s->read(ask({"d", "missing", "b", "b"}));
  BOOST_TEST(answer.at == 3u);
  BOOST_TEST_REQUIRE(answer.values.size() == 4u);
  BOOST_TEST(answer.values[0].value() == "3");
  BOOST_TEST(!answer.values[1].has_value());
  BOOST_TEST(answer.values[2].value() == "1");
  BOOST_TEST(answer.values[3].value() == "1");
  BOOST_TEST(answer.entries.empty());
}

BOOST_DATA_TEST_CASE(a_load_is_answered_once, data::make(all_kinds), k) {
  subject s(k);
  commit(*s, {w().put("b", "1")});
  s.fold();
  commit(*s, {w().put("c", "2")});
  for (const auto* name : {"b", "c", "nothing"}) {
    std::promise<load_answer> promised;
    s->load(ask({name}, "b", "z"), [&](load_answer a) { promised.set_value(std::move(a)); });
    const auto answer = promised.get_future().get();
    BOOST_TEST(answer.values.size() == 1u);
    BOOST_TEST(answer.entries.size() == 2u);
  }
}

BOOST_DATA_TEST_CASE(a_page_is_cut_by_entries_or_bytes_but_gives_at_least_one,
                     data::make(all_kinds), k) {
  subject s(k);
  batch b;
  for (char c = 'b'; c <= 'k'; ++c) b.put(key(std::string(1, c)), std::string(100, c));
  commit(*s, {b});
  auto page = s->read(ask({}, "c", "j", 3, 1 << 20));
  BOOST_TEST((page.entries.size() == 3u && page.more && page.entries[0].first == key("c")));
  page = s->read(ask({}, "c", "j", 100, 1));
  BOOST_TEST((page.entries.size() == 1u && page.more));
  page = s->read(ask({}, "c", "j", 100, 250));
  BOOST_TEST((page.entries.size() == 2u && page.more));
  page = s->read(ask({}, "c", "j", 7, 1 << 20));
  BOOST_TEST((page.entries.size() == 7u && !page.more));
  page = s->read(ask({}, "x", "z", 7, 1 << 20));
  BOOST_TEST((page.entries.empty() && !page.more));
}

BOOST_DATA_TEST_CASE(an_erased_range_hides_what_came_before_it_and_nothing_after,
                     data::make(all_kinds), k) {
  subject s(k);
  commit(*s, {w().put("b", "old").put("c", "old").put("d", "old").put("e", "old")});
  s.fold();
  commit(*s, {w().put("c", "newer").erase_range("c", "e").put("d", "newest")});
  const record_map expected{{"b", "old"}, {"d", "newest"}, {"e", "old"}};
  BOOST_TEST((all(*s) == expected));
  s.crash();
  BOOST_TEST((all(*s) == expected));
  s.fold();
  BOOST_TEST((all(*s) == expected));
  commit(*s, {w().erase_range("b", "z"), w().put("c", "again")});
  BOOST_TEST((all(*s) == record_map{{"c", "again"}}));
}

BOOST_DATA_TEST_CASE(big_and_empty_values_come_back_as_they_were, data::make(all_kinds), k) {
  subject s(k);
  const std::string big(40'000, 'x');
  commit(*s, {w().put("b", big).put("c", "").put("d", std::string("\0\xff\0", 3))});
  s.fold();
  commit(*s, {w().put("e", big)});
  s.crash();
  BOOST_TEST(get(*s, "b").value() == big);
  BOOST_TEST(get(*s, "c").value() == "");
  BOOST_TEST(get(*s, "d").value() == std::string("\0\xff\0", 3));
  BOOST_TEST(get(*s, "e").value() == big);
}

BOOST_DATA_TEST_CASE(a_transition_without_writes_has_a_position, data::make(all_kinds), k) {
  subject s(k);
  commit(*s, {batch(), batch()});
  BOOST_TEST(s->durable() == 2u);
  s.crash();
  BOOST_TEST(s->durable() == 2u);
  commit(*s, {w().put("b", "1"), batch()});
  s.fold();
  s.crash();
  BOOST_TEST(s->durable() == 4u);
}

BOOST_DATA_TEST_CASE(the_term_grows_at_every_open_and_every_begin, data::make(all_kinds), k) {
  subject s(k);
  auto last = s->term();
  for (int i = 0; i < 4; ++i) {
    if (i == 2) commit(*s, {w().put("b", "1")});
    if (i == 3) s.fold();
    i % 2 ? s.crash() : s.restart();
    BOOST_TEST(s->term() > last);
    last = s->term();
    const auto begun = s->begin_term();
    BOOST_TEST_REQUIRE(begun.has_value());
    BOOST_TEST((*begun > last && s->term() == *begun));
    last = *begun;
  }
}

BOOST_DATA_TEST_CASE(many_groups_through_many_segments_are_all_there, data::make(all_kinds), k) {
  subject s(k);
  record_map expected;
  for (int i = 0; i < 300; ++i) {
    std::vector<batch> group;
    for (int j = 0; j < 4; ++j)
      group.push_back(
          w().put("k" + std::to_string((i * 7 + j) % 90), std::string(300, char('a' + i % 26))));
    for (const auto& b : group) apply(expected, b);
    commit(*s, group);
    if (i % 100 == 50) s.crash();
  }
  BOOST_TEST((all(*s) == expected));
  s.crash();
  BOOST_TEST((all(*s) == expected));
  BOOST_TEST(s->durable() == 1'200u);
}

BOOST_DATA_TEST_CASE(a_page_from_the_very_beginning_has_records_only, data::make(all_kinds), k) {
  subject s(k);
  commit(*s, {w().put("b", "1")});
  s.fold();
  load_request what;
  what.last = "\xff";
  const auto page = s->read(what);
  BOOST_TEST(!page.error.has_value());
  BOOST_TEST_REQUIRE(page.entries.size() == 1u);
  BOOST_TEST(page.entries[0].first == key("b"));
}

BOOST_AUTO_TEST_SUITE_END()
