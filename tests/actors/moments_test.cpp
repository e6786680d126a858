#include "tests/actors/instance.hpp"

using namespace reprise::testing;
using reprise::task;

namespace {
constexpr reprise::actor<reprise::none> shelf{"shelf"};
constexpr reprise::operation<reprise::none, std::uint32_t, reprise::none> release{shelf, "release"};
constexpr reprise::activity<std::string, std::string> work{"work"};

task<std::string> chance() {
  auto a = co_await reprise::random();
  auto id = co_await reprise::unique_id();
  co_await work("x");
  auto b = co_await reprise::random();
  auto other = co_await reprise::unique_id();
  co_return std::to_string(a) + " " + id + " " + std::to_string(b) + " " + other;
}
task<bool> two_throws() {
  auto a = co_await reprise::random();
  auto b = co_await reprise::random();
  co_return a != b;
}
task<bool> times() {
  auto before = co_await reprise::now();
  co_await work("x");
  auto after = co_await reprise::now();
  co_return after - before == 90min;
}
task<> shows() {
  co_await reprise::set_status("packing \"tea\"\n");
  co_await reprise::set_status(3);
  co_await reprise::set_status(true);
  co_await reprise::set_status(0.5);
  std::vector<std::string> list{"a", "b"};
  co_await reprise::set_status(list);
  reprise::json shown(R"({"step": 1})");
  co_await reprise::set_status(shown);
}
task<> tells() {
  co_await reprise::tell(release("tea", 2u));
  co_await reprise::tell(release("a/b", 2u));
}
task<> calls_a_bad_key() { co_await release("", 2u); }
constexpr reprise::orchestration<std::string, std::string> child{"child"};
task<> awaits_a_child_with_a_bad_id() { co_await child.as("a/b", "x"); }
// Without its type, with which it does not compile.
task<> tells_an_activity() { co_await reprise::tell(work("x").what()); }
task<> never_rests() {
  for (;;) co_await reprise::set_status("still here");
}
task<> opens_for_ever() {
  std::vector<reprise::pending<std::string>> all;
  for (;;) all.push_back(co_await reprise::begin(work("x")));
}
task<std::uint32_t> counts_down(std::uint32_t n) {
  if (n == 0) co_return 0;
  auto below = co_await counts_down(n - 1);
  co_return *below + 1;
}
task<std::uint32_t> many_short_tasks() {
  std::uint32_t sum = 0;
  for (int i = 0; i < 200'000; ++i) {
    auto one = co_await counts_down(1);
    sum += *one;
  }
  co_return sum;
}
}  // namespace

BOOST_AUTO_TEST_SUITE(moments)

BOOST_AUTO_TEST_CASE(chance_and_names_are_the_same_after_every_replay_and_new_each_time) {
  instance it(chance);
  it.start();
  it.answer(1, "");
  auto text = it.text();
  std::vector<std::string> parts;
  for (std::size_t at = 0; at < text.size();) {
    auto end = std::min(text.find(' ', at), text.size());
    parts.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  BOOST_TEST_REQUIRE(parts.size() == 4u);
  BOOST_TEST(parts[0] != parts[2]);
  BOOST_TEST(parts[1] != parts[3]);
  BOOST_TEST(parts[1].find("-7-42-") != std::string::npos);  // the generation: term and position
}

BOOST_AUTO_TEST_CASE(two_random_numbers_of_an_instance_differ) {
  instance it(two_throws);
  it.start();
  BOOST_TEST(*it.outcome<bool>());
}

BOOST_AUTO_TEST_CASE(now_is_the_recorded_time_of_the_input) {
  instance it(times);
  it.start();
  it.pass(90min);
  it.answer(1, "");
  BOOST_TEST(*it.outcome<bool>());
}

BOOST_AUTO_TEST_CASE(the_status_is_json_text) {
  instance it(shows);
  it.start();
  const char* expected[] = {
      R"("packing \"tea\"\u000a")", "3", "true", "0.5", R"(["a","b"])", R"({"step": 1})"};
  for (std::size_t i = 0; i < std::size(expected); ++i)
    BOOST_TEST(it.step(i + 1).value.bytes() == expected[i]);
}

BOOST_AUTO_TEST_CASE(a_tell_is_a_step_without_an_answer) {
  instance it(tells);
  BOOST_TEST(it.start() == "1 tell shelf/tea release, 2 completion");
  BOOST_TEST(!it.run().open(1));
  BOOST_TEST(it.error().text == "'a/b' cannot be a key or an id");
}

BOOST_AUTO_TEST_CASE(a_call_to_a_key_that_cannot_be_fails_without_a_step) {
  instance it(calls_a_bad_key);
  BOOST_TEST(it.start() == "1 completion");
  BOOST_TEST((it.error().why == reprise::cause::invalid));
}

BOOST_AUTO_TEST_CASE(an_invalid_child_id_and_a_tell_to_an_activity_fail_at_once) {
  instance it(awaits_a_child_with_a_bad_id);
  BOOST_TEST(it.start() == "1 completion");
  BOOST_TEST(it.error().text == "'a/b' cannot be the id of an instance");
  instance other(tells_an_activity);
  BOOST_TEST(other.start() == "1 completion");
  BOOST_TEST(other.error().text ==
             "only an operation, an event and the start of an orchestration can be told");
}

BOOST_AUTO_TEST_CASE(code_that_does_not_come_to_rest_fails_and_names_the_limit) {
  for (auto body : {never_rests, opens_for_ever}) {
    reprise::application app;
    static constexpr reprise::orchestration<reprise::none, reprise::none> name{"body"};
    app.bind(name, body);
    reprise::internal::orchestration_run run(*app.find_orchestration("body"), "x", {1, 1});
    reprise::history_event started;
    started.kind = event_kind::started;
    run.feed(started);
    auto steps = run.take_steps();
    BOOST_TEST(run.finished());
    BOOST_TEST(steps.size() == reprise::max_steps_per_input + 1);
    BOOST_TEST((steps.back().error->why == reprise::cause::limit));
  }
}

BOOST_AUTO_TEST_CASE(the_stack_does_not_grow_with_tasks_that_return_at_once) {
  instance it(many_short_tasks);
  it.start();
  BOOST_TEST(*it.outcome<std::uint32_t>() == 200'000u);
}

BOOST_AUTO_TEST_SUITE_END()
