// The examples on a whole node: socket and threads left out, everything else is there.

#include <boost/test/unit_test.hpp>

#include "examples/application.hpp"
#include "examples/counter/counter.hpp"
#include "examples/hello_cities/hello_cities.hpp"
#include "examples/shop/shop.hpp"
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

BOOST_AUTO_TEST_CASE(silence_for_a_day_refunds_and_gives_back) {
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

BOOST_AUTO_TEST_SUITE_END()
