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

BOOST_AUTO_TEST_CASE(only_what_was_granted_is_given_back) {
  start("checkout", R"({"lines":[{"sku":"tea","quantity":1},{"sku":"mug","quantity":11}]})");
  BOOST_TEST(outcome() == R"({"text":"out of stock"})");
  BOOST_TEST(left("tea") == R"({"quantity":0,"left":10})");
  BOOST_TEST(left("mug") == R"({"quantity":0,"left":10})");
  BOOST_TEST(attempts().count("charge") == 0u);
  BOOST_TEST(replay_every_beginning() == "");
}

BOOST_AUTO_TEST_SUITE_END()
