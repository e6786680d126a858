// The checks of the kill loop, shown on records that break what they check.

#define BOOST_TEST_MODULE kill_checks
#include <boost/test/unit_test.hpp>

#include "tests/kill/checks.hpp"

using namespace reprise::kill;

namespace {

const std::vector<known> two_adds{known::acknowledged, known::unknown};

order confirmed(std::uint64_t quantity) { return {"order-1", {{"tea", quantity}}, "confirmed", 1}; }

}  // namespace

BOOST_AUTO_TEST_SUITE(checks)

BOOST_AUTO_TEST_CASE(a_counter_with_each_acknowledged_add_once_is_right) {
  BOOST_TEST(check_counter("c", two_adds, amount_of(0)).empty());
  BOOST_TEST(check_counter("c", two_adds, amount_of(0) + amount_of(1)).empty());
}

BOOST_AUTO_TEST_CASE(a_lost_or_doubled_add_is_found) {
  BOOST_TEST(check_counter("c", two_adds, 0).size() == 1u);
  BOOST_TEST(check_counter("c", two_adds, amount_of(1)).size() == 1u);
  BOOST_TEST(check_counter("c", two_adds, 2 * amount_of(0)).size() == 1u);
  BOOST_TEST(check_counter("c", two_adds, amount_of(0) + 2 * amount_of(1)).size() == 1u);
  BOOST_TEST(check_counter("c", two_adds, amount_of(0) + amount_of(2)).size() == 1u);
}

BOOST_AUTO_TEST_CASE(stock_that_leaks_or_grows_is_found) {
  BOOST_TEST(check_stock({{"tea", 5}}, {{"tea", 3}}, {confirmed(2)}).empty());
  BOOST_TEST(check_stock({{"tea", 5}}, {{"tea", 2}}, {confirmed(2)}).size() == 1u);
  BOOST_TEST(check_stock({{"tea", 5}}, {{"tea", 5}}, {confirmed(2)}).size() == 1u);
}

BOOST_AUTO_TEST_CASE(money_that_is_lost_or_moved_twice_is_found) {
  const std::map<std::string, std::int64_t> put_in{{"a", 10}, {"b", 10}};
  const std::vector<transfer> one{{"a", "b", 3, true}, {"b", "a", 5, false}};
  BOOST_TEST(check_accounts(put_in, {{"a", 7}, {"b", 13}}, one).empty());
  BOOST_TEST(check_accounts(put_in, {{"a", 4}, {"b", 16}}, one).size() == 2u);  // twice
  BOOST_TEST(check_accounts(put_in, {{"a", 7}, {"b", 10}}, one).size() == 1u);  // lost
  BOOST_TEST(check_accounts(put_in, {{"a", 7}}, one).size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_ledger_line_names_its_instance) {
  const auto lines = parse_ledger("charge order-1@3.17#4 2 99\n");
  BOOST_TEST_REQUIRE(lines.size() == 1u);
  BOOST_TEST(lines[0].instance == "order-1");
  BOOST_TEST(lines[0].attempt == 2u);
  BOOST_TEST(lines[0].process == 99);
}

BOOST_AUTO_TEST_CASE(a_charge_cut_by_a_kill_may_run_again) {
  const auto lines = parse_ledger("charge order-1@1.1#1 1 10\ncharge order-1@1.1#1 1 20\n");
  order late = confirmed(1);
  late.seen_finished = 2;
  BOOST_TEST(check_ledger(lines, {late}, {10, 20}).empty());
  BOOST_TEST(check_ledger(lines, {confirmed(1)}, {10, 20}).size() ==
             1u);  // its end was seen before
}

BOOST_AUTO_TEST_CASE(a_second_charge_a_missing_one_and_one_for_nothing_are_found) {
  const auto twice = parse_ledger("charge order-1@1.1#1 1 10\ncharge order-1@1.1#2 1 10\n");
  BOOST_TEST(check_ledger(twice, {confirmed(1)}, {10}).size() == 1u);
  BOOST_TEST(check_ledger({}, {confirmed(1)}, {10}).size() == 1u);
  const auto once = parse_ledger("charge order-1@1.1#1 1 10\n");
  BOOST_TEST(check_ledger(once, {{"order-1", {}, "out of stock", 1}}, {10}).size() == 1u);
}

BOOST_AUTO_TEST_CASE(an_attempt_that_ran_twice_in_one_process_is_found) {
  const auto lines = parse_ledger("charge order-1@1.1#1 1 10\ncharge order-1@1.1#1 1 10\n");
  BOOST_TEST(check_ledger(lines, {confirmed(1)}, {10}).size() == 1u);
}

BOOST_AUTO_TEST_CASE(an_attempt_forgotten_by_a_restart_is_found) {
  const auto again = parse_ledger("stumble try-1@1.1#1 2 10\nstumble try-1@1.1#1 2 20\n");
  BOOST_TEST(check_ledger(again, {}, {10, 20}).empty());
  const auto lower = parse_ledger("stumble try-1@1.1#1 2 10\nstumble try-1@1.1#1 1 20\n");
  BOOST_TEST(check_ledger(lower, {}, {10, 20}).size() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
