// The examples on a whole node: socket and threads left out, everything else is there.

#include <boost/test/unit_test.hpp>
#include <cstdint>
#include <limits>

#include "examples/application.hpp"
#include "examples/bank/bank.hpp"
#include "examples/counter/counter.hpp"
#include "examples/hello_cities/hello_cities.hpp"
#include "examples/meter/meter.hpp"
#include "examples/monitor/monitor.hpp"
#include "examples/shop/shop.hpp"
#include "examples/tree/tree.hpp"
#include "examples/word_count/word_count.hpp"
#include "tests/support/world.hpp"

using namespace reprise;
using namespace std::chrono_literals;
using testing::disk;
using testing::world;

namespace shop = examples::shop;

namespace {

value<shop::Order> order_of(std::uint32_t quantity) {
  return make<shop::Order>([&](auto o) {
    auto lines = o.initLines(1);
    lines[0].setSku("tea");
    lines[0].setQuantity(quantity);
  });
}

std::uint32_t left_of(world& w, const char* sku) {
  const auto grant = w.get(shop::get(sku, make<shop::Ask>([](auto) {})));
  return grant->getLeft();
}

std::uint32_t restock(world& w, const char* sku, std::uint32_t quantity) {
  const auto grant = w.get(shop::restock(sku, [&](auto a) { a.setQuantity(quantity); }));
  return grant->getLeft();
}

std::string text_of(world& w, const std::string& id) {
  const auto s = w.status(id);
  BOOST_REQUIRE(s && *s && (*s)->outcome && *(*s)->outcome);
  const auto out = *codec<shop::Outcome>::decode(**(*s)->outcome);
  return out->getText().cStr();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(examples_on_a_node)

BOOST_AUTO_TEST_CASE(hello_cities_greets_five_in_order) {
  for (auto d : {disk::memory, disk::lmdb}) {
    world w(1, d, examples::application);
    const auto id = w.start(examples::cities::hello_cities());
    BOOST_REQUIRE((id && *id));
    BOOST_TEST(w.run_until([&] { return w.ended(**id); }));
    const auto s = w.status(**id, with_history::yes);
    BOOST_REQUIRE((s && *s && (*s)->outcome && *(*s)->outcome));
    const auto greetings = *codec<std::vector<std::string>>::decode(**(*s)->outcome);
    BOOST_TEST(greetings->size() == 5u);
    BOOST_TEST(greetings->front() == "Hello Tokyo!");
    BOOST_TEST((*s)->history.size() == 12u);  // started, five pairs, completed
  }
}

BOOST_AUTO_TEST_CASE(a_checkout_waits_for_its_verdict_across_a_crash) {
  for (auto d : {disk::memory, disk::lmdb}) {
    world w(2, d, examples::application);
    BOOST_TEST(restock(w, "tea", 3) == 3u);
    const auto id = w.start(shop::checkout.as("order-1", order_of(2)));
    BOOST_REQUIRE((id && *id));
    w.run();
    w.crash();
    w.open();
    w.run();
    BOOST_TEST(!w.ended("order-1"));
    BOOST_TEST(left_of(w, "tea") == 1u);
    const auto raised = w.raise(shop::verdict.to("order-1", [](auto v) { v.setApproved(true); }));
    BOOST_REQUIRE((raised && *raised));
    BOOST_TEST(w.run_until([&] { return w.ended("order-1"); }));
    BOOST_TEST(text_of(w, "order-1") == "confirmed");
  }
}

BOOST_AUTO_TEST_CASE(a_checkout_without_a_verdict_for_a_day_refunds_and_gives_back) {
  world w(3, disk::memory, examples::application);
  restock(w, "tea", 3);
  BOOST_REQUIRE(w.start(shop::checkout.as("order-2", order_of(2))).has_value());
  w.run();
  w.advance(23h);
  BOOST_TEST(!w.ended("order-2"));
  w.advance(2h);
  BOOST_TEST(w.ended("order-2"));
  BOOST_TEST(text_of(w, "order-2") == "refunded");
  BOOST_TEST(left_of(w, "tea") == 3u);
}

BOOST_AUTO_TEST_CASE(a_transfer_is_applied_whole_or_not_at_all) {
  namespace bank = examples::bank;
  for (auto d : {disk::memory, disk::lmdb}) {
    world w(2, d, examples::application);
    const auto balance = [&](const char* key) {
      const auto b = w.get(bank::balance(key, [](auto) {}));
      return b->getBalance();
    };
    const auto move = [&](const char* id, std::int64_t amount) {
      BOOST_REQUIRE(*w.start(bank::transfer.as(id, [&](auto order) {
        order.setFrom("a");
        order.setTo("b");
        order.setAmount(amount);
      })));
      BOOST_TEST(w.run_until([&] { return w.ended(id); }));
      const auto s = w.status(id);
      const auto receipt = *codec<bank::Receipt>::decode(**(*s)->outcome);
      return receipt->getApplied();
    };
    w.get(bank::deposit("a", [](auto in) { in.setAmount(100); }));
    BOOST_TEST(move("t-1", 10));
    BOOST_TEST(!move("t-2", 1000));
    BOOST_TEST(balance("a") == 90);
    BOOST_TEST(balance("b") == 10);
    const auto overdraft = w.perform(bank::withdraw("a", [](auto in) { in.setAmount(91); }).what());
    BOOST_TEST((overdraft && !*overdraft && overdraft->error().why == cause::rejected));
    BOOST_TEST(w.waiting_records() == 0u);
  }
}

// What was taken goes back when it does not fit where it should go.
BOOST_AUTO_TEST_CASE(a_transfer_that_does_not_fit_leaves_both_accounts_as_they_were) {
  namespace bank = examples::bank;
  constexpr auto most = std::numeric_limits<std::int64_t>::max();
  world w(1, disk::memory, examples::application);
  w.get(bank::deposit("poor", [](auto in) { in.setAmount(10); }));
  w.get(bank::deposit("rich", [&](auto in) { in.setAmount(most); }));
  BOOST_REQUIRE(*w.start(bank::transfer.as("t", [](auto order) {
    order.setFrom("poor");
    order.setTo("rich");
    order.setAmount(5);
  })));
  w.run();
  const auto receipt = *codec<bank::Receipt>::decode(**(*w.status("t"))->outcome);
  BOOST_TEST(!receipt->getApplied());
  const auto poor = w.get(bank::balance("poor", [](auto) {}));
  const auto rich = w.get(bank::balance("rich", [](auto) {}));
  BOOST_TEST(poor->getBalance() == 10);
  BOOST_TEST(rich->getBalance() == most);
}

BOOST_AUTO_TEST_CASE(a_monitor_goes_on_as_new_until_its_last_round) {
  world w(3, disk::memory, examples::application);
  w.start(examples::monitor::monitor.as("m", [](auto in) {
    in.setIntervalSeconds(60);
    in.setRounds(5);
  }));
  w.run();
  w.advance(61s);
  w.run();
  const auto between = w.status("m", with_history::yes);
  BOOST_TEST((*between)->custom_status == "\"round 2: all is well\"");
  BOOST_TEST((*between)->history.size() < 8u);
  BOOST_TEST(w.run_until([&] { return w.ended("m"); }));
  const auto s = w.status("m");
  const auto report = *codec<examples::monitor::Report>::decode(**(*s)->outcome);
  BOOST_TEST(report->getRounds() == 5u);
}

BOOST_AUTO_TEST_CASE(a_tree_counts_its_leaves) {
  world w(4, disk::memory, examples::application);
  w.start(examples::tree::tree.as("t", [](auto in) {
    in.setDepth(3);
    in.setWidth(4);
  }));
  BOOST_TEST(w.run_until([&] { return w.ended("t"); }));
  const auto s = w.status("t");
  const auto count = *codec<examples::tree::Count>::decode(**(*s)->outcome);
  BOOST_TEST(count->getLeaves() == 64u);
  BOOST_TEST(w.waiting_records() == 0u);
}

BOOST_AUTO_TEST_CASE(words_are_counted_and_nothing_is_left) {
  world w(5, disk::memory, examples::application);
  w.start(examples::word_count::word_count.as("w", [](auto in) {
    auto texts = in.initTexts(2);
    texts.set(0, "The cat, the hat");
    texts.set(1, "a cat");
  }));
  BOOST_TEST(w.run_until([&] { return w.ended("w"); }));
  const auto s = w.status("w");
  BOOST_TEST((*(*s)->outcome)->bytes() == R"({"words":{"a":1,"cat":2,"hat":1,"the":2}})");
  w.run();
  BOOST_TEST(w.waiting_records() == 0u);
}

// More than a generation takes come at once: the others go along, in their order.
BOOST_AUTO_TEST_CASE(a_meter_takes_its_readings_along_when_it_goes_on_as_new) {
  namespace meter = examples::meter;
  for (auto d : {disk::memory, disk::lmdb}) {
    world w(3, d, examples::application);
    BOOST_REQUIRE(*w.start(meter::meter.as("m", [](auto in) { in.setReadings(8); })));
    for (std::uint64_t n = 1; n <= 8; ++n) BOOST_REQUIRE(*w.raise(meter::reading.to("m", n)));
    BOOST_TEST(w.run_until([&] { return w.ended("m"); }));
    const auto s = w.status("m");
    const auto total = *codec<meter::Total>::decode(**(*s)->outcome);
    BOOST_TEST(total->getSum() == 36u);
    BOOST_TEST(w.waiting_records() == 0u);
  }
}

BOOST_AUTO_TEST_SUITE_END()
