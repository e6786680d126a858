// The table of examples: names, inputs and outputs, byte for byte.

#define BOOST_TEST_MODULE examples
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <ostream>

#include "tests/examples/player.hpp"

using namespace std::chrono_literals;
using examples::player;

namespace {

struct run {
  const char* name;
  const char* input;
  const char* output;
};
std::ostream& operator<<(std::ostream& out, const run& r) {
  return out << r.name << ' ' << r.input;
}

// Those that end without an event.
const run runs[] = {
    {"hello_cities", "",
     R"(["Hello Tokyo!","Hello Seattle!","Hello London!","Hello Amsterdam!","Hello Mumbai!"])"},
    {"fan_out", R"({"count":100})", R"({"sum":4950})"},
    {"fan_out", R"({"count":100,"window":10})", R"({"sum":4950})"},
    {"fan_out", R"({"count":3,"window":10})", R"({"sum":3})"},
    {"fan_out", R"({"count":0})", R"({"sum":0})"},
    {"fan_out", R"({"count":0,"window":3})", R"({"sum":0})"},
    {"fan_out", R"({"count":10001})", "rejected: count is at most 10000"},
    {"flaky", R"({"failures":2,"attempts":3})", R"({"attempts":3})"},
    {"flaky", R"({"failures":0,"attempts":1})", R"({"attempts":1})"},
    {"flaky", R"({"failures":3,"attempts":3})", "failed: attempt 3 failed as planned"},
    {"checkout", R"({"lines":[{"sku":"tea","quantity":1}]})", R"({"text":"out of stock"})"},
};

constexpr const char* order =
    R"({"lines":[{"sku":"tea","quantity":1},{"sku":"mug","quantity":2}]})";

// So many of one word that one more does not fit, and one of another.
std::string counts_of(const std::string& one, const std::string& another) {
  return R"({"words":[{"word":")" + one + R"(","count":"18446744073709551615"},{"word":")" +
         another + R"(","count":1}]})";
}

// Shelves with ten of each.
struct shop : player {
  shop() {
    for (const char* sku : {"tea", "mug"}) operate("stock", sku, "restock", R"({"quantity":10})");
  }
  std::string left(const char* sku) { return operate("stock", sku, "get", R"({"quantity":0})"); }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(table)

BOOST_DATA_TEST_CASE(an_orchestration_gives_what_the_table_says,
                     boost::unit_test::data::make(runs)) {
  player on;
  on.start(sample.name, sample.input);
  BOOST_TEST(on.outcome() == sample.output);
  BOOST_TEST(on.replay_every_beginning() == "");
}

BOOST_AUTO_TEST_CASE(a_counter_counts) {
  player on;
  BOOST_TEST(on.operate("counter", "c", "add", R"({"amount":1})") == R"({"value":1})");
  BOOST_TEST(on.operate("counter", "c", "add", R"({"amount":41})") == R"({"value":42})");
  BOOST_TEST(on.operate("counter", "d", "get", "{}") == R"({"value":0})");
  BOOST_TEST(on.operate("counter", "c", "get", "{}") == R"({"value":42})");
  BOOST_TEST(on.operate("counter", "c", "reset", "{}") == R"({"value":0})");
}

// People copy examples: nothing wraps round, and what does not fit is rejected and changes nothing.
BOOST_AUTO_TEST_CASE(a_number_that_does_not_fit_is_rejected) {
  player on;
  const auto add = [&](const char* n) {
    return on.operate("counter", "c", "add", std::string(R"({"amount":)") + n + "}");
  };
  BOOST_TEST(add("9223372036854775807") == R"({"value":"9223372036854775807"})");
  BOOST_TEST(add("1") == "rejected: the sum does not fit in 64 bits");
  BOOST_TEST(add("-9223372036854775807") == R"({"value":0})");
  BOOST_TEST(add("-9223372036854775807") == R"({"value":"-9223372036854775807"})");
  BOOST_TEST(add("-2") == "rejected: the sum does not fit in 64 bits");
  BOOST_TEST(add("-1") == R"({"value":"-9223372036854775808"})");
  const auto pay = [&](const char* key, const char* n) {
    return on.operate("account", key, "deposit", std::string(R"({"amount":)") + n + "}");
  };
  BOOST_TEST(pay("a", "9223372036854775807") == R"({"balance":"9223372036854775807"})");
  BOOST_TEST(pay("a", "1") == "rejected: the balance would not fit in 64 bits");
  const std::string most = R"({"quantity":4294967295})";
  BOOST_TEST(on.operate("stock", "tea", "restock", most) ==
             R"({"quantity":4294967295,"left":4294967295})");
  BOOST_TEST(on.operate("stock", "tea", "restock", most) ==
             "rejected: the shelf does not hold as many");
  BOOST_TEST(on.operate("stock", "tea", "release", R"({"quantity":1})") ==
             "rejected: the shelf does not hold as many");
  BOOST_TEST(on.operate("word_count_shard", "s", "add", counts_of("a", "a")) ==
             "rejected: a count does not fit in 64 bits");
  on.start("monitor", R"({"rounds":5,"done":4294967295})");
  BOOST_TEST(on.outcome() == "rejected: there is no round after that many");
  on.start("meter", R"({"readings":2,"sum":"18446744073709551615"})");
  on.raise("reading", "1");
  BOOST_TEST(on.outcome() == "rejected: the sum of the readings does not fit in 64 bits");
}

// A key that a client chose is the whole of it, or refused; never its beginning.
BOOST_AUTO_TEST_CASE(a_text_with_a_nul_in_it_names_nothing_else) {
  shop on;
  on.start("checkout", R"({"lines":[{"sku":"tea\u0000evil","quantity":3}]})");
  BOOST_TEST(on.outcome() == R"({"text":"out of stock"})");
  BOOST_TEST(on.left("tea") == R"({"quantity":0,"left":10})");
  // Cut, both would be the same word.
  BOOST_TEST(on.operate("word_count_shard", "n", "add", counts_of("a\\u0000b", "a")) == "null");
}

BOOST_AUTO_TEST_CASE(a_shelf_gives_no_more_than_it_has) {
  player on;
  BOOST_TEST(on.operate("stock", "tea", "restock", R"({"quantity":10})") ==
             R"({"quantity":10,"left":10})");
  BOOST_TEST(on.operate("stock", "tea", "reserve", R"({"quantity":4})") ==
             R"({"quantity":4,"left":6})");
  BOOST_TEST(on.operate("stock", "tea", "reserve", R"({"quantity":7})") ==
             "rejected: out of stock");
  BOOST_TEST(on.operate("stock", "tea", "release", R"({"quantity":1})") ==
             R"({"quantity":1,"left":7})");
  BOOST_TEST(on.operate("stock", "tea", "get", R"({"quantity":0})") ==
             R"({"quantity":0,"left":7})");
}

BOOST_AUTO_TEST_CASE(an_approval_ends_by_the_decision_or_the_timer) {
  player on;
  on.start("approval", R"({"timeoutSeconds":3600})");
  BOOST_TEST(on.outcome() == "waiting");
  on.raise("decision", R"({"approved":true})");
  BOOST_TEST(on.outcome() == R"({"outcome":"approved"})");
  on.start("approval", R"({"timeoutSeconds":3600})");
  on.raise("decision", R"({"approved":false})");
  BOOST_TEST(on.outcome() == R"({"outcome":"rejected"})");
  on.start("approval", R"({"timeoutSeconds":3600})");
  on.pass(3599s);
  BOOST_TEST(on.outcome() == "waiting");
  on.pass(1s);
  BOOST_TEST(on.outcome() == R"({"outcome":"timed out"})");
  BOOST_TEST(on.replay_every_beginning() == "");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(checkout, shop)

BOOST_AUTO_TEST_CASE(a_confirmed_order_keeps_its_goods) {
  start("checkout", order);
  BOOST_TEST(outcome() == "waiting");
  BOOST_TEST(left("tea") == R"({"quantity":0,"left":9})");
  raise("verdict", R"({"approved":true})");
  BOOST_TEST(outcome() == R"({"text":"confirmed"})");
  BOOST_TEST(left("mug") == R"({"quantity":0,"left":8})");
  BOOST_TEST(attempts().at("charge") == 1u);
  BOOST_TEST(replay_every_beginning() == "");
}

BOOST_AUTO_TEST_CASE(a_refused_order_gives_back_and_refunds) {
  start("checkout", order);
  raise("verdict", R"({"approved":false})");
  BOOST_TEST(outcome() == R"({"text":"refunded"})");
  BOOST_TEST(left("tea") == R"({"quantity":0,"left":10})");
  BOOST_TEST(left("mug") == R"({"quantity":0,"left":10})");
  BOOST_TEST(attempts().at("refund") == 1u);
  BOOST_TEST(replay_every_beginning() == "");
}

BOOST_AUTO_TEST_CASE(an_order_without_a_verdict_is_refunded_after_a_day) {
  start("checkout", order);
  pass(24h);
  BOOST_TEST(outcome() == R"({"text":"refunded"})");
  BOOST_TEST(left("tea") == R"({"quantity":0,"left":10})");
}

BOOST_AUTO_TEST_CASE(a_declined_card_gives_back_without_a_second_try) {
  start("checkout", R"({"lines":[{"sku":"tea","quantity":1}],"decline":true})");
  BOOST_TEST(outcome() == R"({"text":"card declined"})");
  BOOST_TEST(left("tea") == R"({"quantity":0,"left":10})");
  BOOST_TEST(attempts().at("charge") == 1u);
  BOOST_TEST(replay_every_beginning() == "");
}

BOOST_AUTO_TEST_CASE(an_order_that_is_out_of_stock_gives_back_only_what_was_granted) {
  start("checkout", R"({"lines":[{"sku":"tea","quantity":1},{"sku":"mug","quantity":11}]})");
  BOOST_TEST(outcome() == R"({"text":"out of stock"})");
  BOOST_TEST(left("tea") == R"({"quantity":0,"left":10})");
  BOOST_TEST(left("mug") == R"({"quantity":0,"left":10})");
  BOOST_TEST(attempts().count("charge") == 0u);
  BOOST_TEST(replay_every_beginning() == "");
}

BOOST_AUTO_TEST_SUITE_END()
