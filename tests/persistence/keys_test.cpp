#include "persistence/keys.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <limits>
#include <string>
#include <vector>

#include "persistence/limits.hpp"

using namespace reprise::persistence;

namespace {

constexpr auto int_min = std::numeric_limits<std::int64_t>::min();
constexpr auto int_max = std::numeric_limits<std::int64_t>::max();
constexpr auto most = std::numeric_limits<std::uint64_t>::max();
const std::string hash(16, '\xff');

bool within(const std::string& key, const keys::range& r) {
  return r.first <= key && key < r.second;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(disk_keys)

BOOST_AUTO_TEST_CASE(every_key_is_read_back) {
  const owner tea{1, "stock", "tea"};
  const owner order{2, "", "order-7"};
  BOOST_TEST(keys::read_meta(keys::meta("schemas")).value() == "schemas");
  const auto a = keys::read_actor(keys::actor("stock", "tea")).value();
  BOOST_TEST((a.type == "stock" && a.key == "tea"));
  const std::string odd("\0\xff\0", 3);
  const auto e = keys::read_entry(keys::entry("stock", "tea", "lines", odd)).value();
  BOOST_TEST((e.type == "stock" && e.key == "tea" && e.table == "lines" && e.entry == odd));
  BOOST_TEST(keys::read_instance(keys::instance("order-7")).value() == "order-7");
  const auto h = keys::read_event(keys::event("order-7", 3, most, 5)).value();
  BOOST_TEST((h.id == "order-7" && h.gen_term == 3 && h.gen_position == most && h.number == 5));
  const auto m = keys::read_message(keys::message(order, 2, 3, 4, 5)).value();
  BOOST_TEST((m.to.kind == 2 && m.to.type.empty() && m.to.key == "order-7"));
  BOOST_TEST((m.lane == 2 && m.partition == 0 && m.term == 3 && m.position == 4 && m.index == 5));
  for (const auto due : {int_min, std::int64_t{-1}, std::int64_t{0}, int_max}) {
    const auto t = keys::read_timer(keys::timer(due, tea, 1, 2, 3)).value();
    BOOST_TEST((t.due_ns == due && t.to.type == "stock" && t.a == 1 && t.b == 2 && t.c == 3));
  }
  const auto r = keys::read_request(keys::request("order-7", 1, 2, 3)).value();
  BOOST_TEST((r.id == "order-7" && r.gen_term == 1 && r.gen_position == 2 && r.step == 3));
  BOOST_TEST(keys::read_resend(keys::resend("order-7")).value() == "order-7");
  const auto d = keys::read_dedup(keys::dedup(tea, "reserve", hash)).value();
  BOOST_TEST((d.to.key == "tea" && d.operation == "reserve" && d.hash == hash));
  const auto g = keys::read_dedup_age(keys::dedup_age(-9, tea, "reserve", hash)).value();
  BOOST_TEST((g.recorded_ns == -9 && g.record.operation == "reserve" && g.record.hash == hash));
  BOOST_TEST(keys::read_lock(keys::lock(tea)).value().key == "tea");
  const auto l = keys::read_dead_letter(keys::dead_letter(tea, 7, 8, 9)).value();
  BOOST_TEST((l.to.key == "tea" && l.term == 7 && l.position == 8 && l.index == 9));
  for (const auto at : {int_min, std::int64_t{-1}, std::int64_t{0}, int_max}) {
    const auto ended = keys::read_ended(keys::ended(3, at, "order-1")).value();
    BOOST_TEST((ended.state == 3 && ended.at_ns == at && ended.id == "order-1"));
  }
  const owner charge{keys::activity_owner, "charge", "order-1"};
  const auto of = keys::read_dead_letter(keys::dead_letter(charge, 7, 8, 9)).value();
  BOOST_TEST((of.to.kind == 3 && of.to.type == "charge" && of.to.key == "order-1"));
}

BOOST_AUTO_TEST_CASE(numbers_sort_as_numbers_and_ids_do_not_run_into_each_other) {
  const owner a{1, "t", "a"}, ab{1, "t", "ab"};
  const std::vector<std::string> ascending{
      keys::message(a, 0, 9, 9, 9),     keys::message(a, 1, 1, 1, 255),
      keys::message(a, 1, 1, 1, 256),   keys::message(a, 1, 1, 256, 0),
      keys::message(a, 1, 256, 1, 0),   keys::message(a, 2, 1, 1, 0),
      keys::message(ab, 0, 1, 1, 1),    keys::timer(int_min, a, 9, 9, 9),
      keys::timer(-1, a, 9, 9, 9),      keys::timer(0, a, 1, 1, 1),
      keys::timer(0, a, 1, 1, 2),       keys::timer(0, ab, 1, 1, 1),
      keys::timer(int_max, a, 1, 1, 1),
  };
  BOOST_TEST(std::is_sorted(ascending.begin(), ascending.end()));
}

BOOST_AUTO_TEST_CASE(a_range_holds_its_keys_and_no_others) {
  const owner a{1, "t", "a"}, ab{1, "t", "ab"}, i{2, "", "a"};
  const auto lane = keys::message_lane_range(a, 1);
  BOOST_TEST(within(keys::message(a, 1, most, most, UINT32_MAX), lane));
  BOOST_TEST(within(keys::message(a, 1, 0, 0, 0), lane));
  BOOST_TEST(!within(keys::message(a, 2, 0, 0, 0), lane));
  BOOST_TEST(!within(keys::message(a, 0, most, most, 9), lane));
  for (const auto& other : {ab, i}) {
    BOOST_TEST(!within(keys::message(other, 1, 1, 1, 1), keys::messages_of(a)));
    BOOST_TEST(within(keys::message(other, 1, 1, 1, 1), keys::messages_range()));
  }
  const auto entries = keys::entries_range("t", "a", "lines");
  BOOST_TEST(within(keys::entry("t", "a", "lines", ""), entries));
  BOOST_TEST(within(keys::entry("t", "a", "lines", std::string(100, '\xff')), entries));
  BOOST_TEST(!within(keys::entry("t", "a", "lines2", "x"), entries));
  BOOST_TEST(within(keys::entry("t", "a", "lines2", "x"), keys::entries_of("t", "a")));
  BOOST_TEST(!within(keys::entry("t", "ab", "lines", "x"), keys::entries_of("t", "a")));
  BOOST_TEST(within(keys::event("a", 1, 2, most), keys::history_range("a", 1, 2)));
  BOOST_TEST(!within(keys::event("a", 1, 3, 0), keys::history_range("a", 1, 2)));
  BOOST_TEST(within(keys::event("a", 1, 3, 0), keys::history_of("a")));
  BOOST_TEST(within(keys::request("a", 1, 2, 3), keys::requests_of("a")));
  BOOST_TEST(!within(keys::request("ab", 1, 2, 3), keys::requests_of("a")));
}

BOOST_AUTO_TEST_CASE(a_key_that_is_due_now_is_in_the_range_until_now) {
  const owner a{1, "t", "a"};
  for (const auto now : {int_min, std::int64_t{-1}, std::int64_t{0}, std::int64_t{255}, int_max}) {
    BOOST_TEST(within(keys::timer(now, a, most, most, most), keys::timers_until(now)));
    if (now != int_max)
      BOOST_TEST(!within(keys::timer(now + 1, a, 0, 0, 0), keys::timers_until(now)));
    BOOST_TEST(within(keys::dedup_age(now, a, "op", hash), keys::dedup_ages_until(now)));
    BOOST_TEST(within(keys::ended(3, now, std::string(64, '\xff')), keys::ended_until(3, now)));
    BOOST_TEST(!within(keys::ended(2, now, "a"), keys::ended_until(3, now)));
    BOOST_TEST(!within(keys::ended(4, int_min, "a"), keys::ended_until(3, now)));
    if (now != int_max)
      BOOST_TEST(!within(keys::ended(3, now + 1, "a"), keys::ended_until(3, now)));
    BOOST_TEST(!within(keys::dedup(a, "op", hash), keys::dedup_ages_until(now)));
  }
}

BOOST_AUTO_TEST_CASE(the_longest_keys_fit) {
  const std::string type(64, 't'), key(256, 'k'), name(64, 'n');
  const owner o{1, type, key};
  const auto entry = keys::entry(type, key, name, std::string(reprise::limits::max_entry_key, 'e'));
  BOOST_TEST(entry.size() == reprise::limits::max_key_bytes);
  BOOST_TEST(keys::message(o, 2, most, most, UINT32_MAX).size() <= reprise::limits::max_key_bytes);
  BOOST_TEST(keys::timer(int_max, o, most, most, most).size() <= reprise::limits::max_key_bytes);
  BOOST_TEST(keys::dedup_age(int_max, o, name, hash).size() <= reprise::limits::max_key_bytes);
}

BOOST_AUTO_TEST_CASE(bytes_that_are_no_key_are_not_read_as_one) {
  const auto key = keys::message(owner{1, "t", "a"}, 1, 2, 3, 4);
  for (std::size_t size = 0; size < key.size(); ++size)
    BOOST_TEST(!keys::read_message(key.substr(0, size)).has_value());
  BOOST_TEST(!keys::read_message(key + "x").has_value());
  BOOST_TEST(!keys::read_actor(key).has_value());
  BOOST_TEST(!keys::read_timer(key).has_value());
  auto other_kind = key;
  other_kind[1] = 3;
  BOOST_TEST(!keys::read_message(other_kind).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
