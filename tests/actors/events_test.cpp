#include "tests/actors/instance.hpp"

using namespace reprise::testing;
using reprise::task;

namespace {
constexpr reprise::activity<reprise::none, reprise::none> pack{"pack"};
constexpr reprise::event<std::string> word{"word"};
constexpr reprise::event<std::uint32_t> number{"number"};

task<std::string> three_words() {
  std::string out;
  for (int i = 0; i < 3; ++i) {
    auto one = co_await word();
    out += *one;
  }
  co_return out;
}
task<std::string> packs_first() {
  co_await pack();
  auto first = co_await word();
  auto second = co_await word();
  auto third = co_await number();
  co_return *first + *second + std::to_string(*third);
}
task<std::string> two_waits_of_one_name() {
  auto [a, b] = co_await reprise::all(word(), word());
  co_return *a + *b;
}
task<> naps() {
  co_await reprise::sleep(24h * 365 * 10);
  co_await reprise::sleep(-5s);
  co_await reprise::sleep(reprise::duration::max());
}
}  // namespace

BOOST_AUTO_TEST_SUITE(events)

BOOST_AUTO_TEST_CASE(an_event_wakes_its_wait) {
  instance it(three_words);
  BOOST_TEST(it.start() == "1 event word");
  BOOST_TEST(it.raise("word", std::string("a")) == "3 event word");
  it.raise("word", std::string("b"));
  it.raise("word", std::string("c"));
  BOOST_TEST(it.text() == "abc");
}

BOOST_AUTO_TEST_CASE(events_that_nobody_waits_for_are_kept_in_order_per_name) {
  instance it(packs_first);
  it.start();
  BOOST_TEST(it.raise("word", std::string("a")) == "");
  it.raise("number", 7u);
  it.raise("word", std::string("b"));
  BOOST_TEST(it.run().buffered_events() == 3u);
  it.fire(1);
  BOOST_TEST(it.text() == "ab7");
  BOOST_TEST(it.run().buffered_events() == 0u);
}

BOOST_AUTO_TEST_CASE(names_of_events_do_not_care_for_case) {
  instance it(three_words);
  it.start();
  it.raise("WORD", std::string("a"));
  it.raise("Word", std::string("b"));
  it.raise("wORD", std::string("c"));
  BOOST_TEST(it.text() == "abc");
}

BOOST_AUTO_TEST_CASE(an_event_goes_to_the_oldest_wait_of_its_name) {
  instance it(two_waits_of_one_name);
  it.start();
  it.raise("word", std::string("a"));
  BOOST_TEST(it.waits() == "event word");
  it.raise("word", std::string("b"));
  BOOST_TEST(it.text() == "ab");
}

BOOST_AUTO_TEST_CASE(an_event_of_another_type_fails_its_wait) {
  instance it(packs_first);
  it.start();
  it.raise("number", std::string("seven"));
  it.raise("word", std::string("a"));
  it.raise("word", std::string("b"));
  it.fire(1);
  BOOST_TEST((it.error().why == reprise::cause::invalid));
}

BOOST_AUTO_TEST_CASE(events_before_the_start_are_kept) {
  instance it(three_words);
  it.raise("word", std::string("a"));
  BOOST_TEST(it.start() == "2 event word, 3 event word");
  it.raise("word", std::string("b"));
  it.raise("word", std::string("c"));
  BOOST_TEST(it.text() == "abc");
}

BOOST_AUTO_TEST_CASE(timers_count_from_the_event_that_is_handled_and_stop_at_the_end_of_time) {
  instance it(naps);
  it.start();
  BOOST_TEST((it.step(1).due == it.now_ + 24h * 365 * 10));
  it.pass(24h * 365 * 11);
  it.fire(1);
  BOOST_TEST((it.step(3).due == it.now_));
  it.fire(3);
  BOOST_TEST((it.step(5).due == reprise::time_point::max()));
  it.fire(5);
  BOOST_TEST(it.finished());
}

BOOST_AUTO_TEST_SUITE_END()
