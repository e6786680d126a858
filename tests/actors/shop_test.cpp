#include "tests/actors/shop.hpp"

#include "tests/actors/instance.hpp"

using namespace reprise::testing;

namespace {
reprise::value<shop::Order> order() {
  return reprise::make<shop::Order>([](auto out) {
    auto lines = out.initLines(2);
    lines[0].setSku("tea");
    lines[0].setQuantity(2);
    lines[1].setSku("cups");
    lines[1].setQuantity(1);
  });
}
reprise::payload grant(std::uint32_t quantity) {
  return reprise::make<shop::Grant>([&](auto out) { out.setQuantity(quantity); }).bytes();
}
reprise::payload verdict(bool approved) {
  return reprise::make<shop::Verdict>([&](auto out) { out.setApproved(approved); }).bytes();
}
std::string said(const instance& it) {
  auto outcome = it.outcome<shop::Outcome>();
  return outcome->getText().cStr();
}

struct checkout : instance {
  checkout() : instance(shop::run_checkout, order()) {
    BOOST_TEST(start() == "1 operation stock/tea reserve, 2 operation stock/cups reserve");
  }
  void grant_both() {
    answered(2, grant(1));
    BOOST_TEST(answered(1, grant(2)) == "5 activity charge");
    BOOST_TEST(step(5).policy.attempts == 5u);
    reprise::value<shop::Bill> bill(step(5).value);
    BOOST_TEST(bill->getCents() == 3 * 199u);
  }
};
}  // namespace

BOOST_FIXTURE_TEST_SUITE(checkouts, checkout)

BOOST_AUTO_TEST_CASE(an_approved_order_is_confirmed) {
  grant_both();
  BOOST_TEST(answered(5, {}) == "7 event verdict, 8 timer");
  BOOST_TEST(raised("verdict", verdict(true)) == "10 withdrawal of step 8, 11 completion");
  BOOST_TEST(said(*this) == "confirmed");
}

BOOST_AUTO_TEST_CASE(an_order_that_is_out_of_stock_gives_back_what_was_granted) {
  fail(2, reprise::reject("out of stock"));
  BOOST_TEST(answered(1, grant(2)) == "5 operation stock/tea release");
  answered(5, {});
  BOOST_TEST(said(*this) == "out of stock");
}

BOOST_AUTO_TEST_CASE(a_declined_card_gives_back_everything) {
  grant_both();
  BOOST_TEST(fail(5, reprise::fail("declined")) == "7 operation stock/tea release");
  BOOST_TEST(answered(7, {}) == "9 operation stock/cups release");
  answered(9, {});
  BOOST_TEST(said(*this) == "card declined");
}

BOOST_AUTO_TEST_CASE(an_order_without_a_verdict_is_refunded_after_a_day) {
  grant_both();
  answered(5, {});
  BOOST_TEST(fire(8) == "10 withdrawal of step 7, 11 operation stock/tea release");
  answered(11, {});
  answered(13, {});
  BOOST_TEST(said(*this) == "refunded");
}

BOOST_AUTO_TEST_CASE(a_shelf_is_a_plain_struct) {
  shop::shelf tea;
  auto ask = reprise::make<shop::Ask>([](auto in) { in.setQuantity(3); });
  capnp::MallocMessageBuilder reply;
  auto refused = tea.reserve(*ask, reply.initRoot<shop::Grant>());
  BOOST_TEST_REQUIRE(!refused);
  BOOST_TEST(refused.error().text == "out of stock");
  BOOST_TEST(static_cast<bool>(tea.release(*ask, reply.initRoot<shop::Grant>())));
  BOOST_TEST(static_cast<bool>(tea.reserve(*ask, reply.initRoot<shop::Grant>())));
  BOOST_TEST(tea.stock->getAvailable() == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
