// Children, the end of one generation and the beginning of the next, and edits in place.

#include "actors/orchestration/child_id.hpp"
#include "tests/actors/instance.hpp"

using namespace reprise::testing;
using reprise::task;
namespace internal = reprise::internal;

namespace {
constexpr reprise::activity<std::string, std::string> work{"work"};
constexpr reprise::orchestration<std::string, std::string> leaf{"leaf"};
constexpr reprise::orchestration<std::uint32_t, std::string> body_name{"body"};
constexpr reprise::orchestration<std::uint32_t, std::string> other{"other"};
constexpr reprise::event<std::string> note{"note"};
constexpr reprise::event<std::string> word{"word"};

task<std::string> asks_a_child() {
  auto given = co_await leaf.as("given", "x");
  auto derived = co_await reprise::attempt(leaf("y").within(5s));
  co_return *given + (derived ? **derived : "failed");
}
task<std::string> many_children() {
  std::vector<reprise::start_call<std::string>> calls;
  calls.push_back(leaf("a"));
  calls.push_back(leaf.as("b", "b"));
  auto both = co_await reprise::all(std::move(calls));
  auto won = co_await reprise::race(leaf("c"), reprise::sleep(1s));
  co_return *both[0] + *both[1] + (won ? **won : "late");
}
task<std::string> tells_all() {
  co_await reprise::tell(leaf.as("one", "x"));
  co_await reprise::tell(leaf("y"));
  co_await reprise::tell(note.to("two", std::string("z")));
  co_return "told";
}

// Counts rounds; takes one note a round, and leaves the rest to the next.
task<std::string> round_of(reprise::value<std::uint32_t> left) {
  if (*left == 0) co_return "over";
  auto first = co_await note();
  auto begun = co_await reprise::begin(word());
  co_await work(*first);
  co_await reprise::continue_as_new(std::uint32_t(*left - 1));
  co_return "not reached";
}
task<std::string> goes_on_as_a_call(reprise::value<std::uint32_t>) {
  co_await reprise::continue_as_new(body_name(7u));
  co_return "not reached";
}
task<std::string> goes_on_as_another(reprise::value<std::uint32_t>) {
  co_await reprise::continue_as_new(other(7u));
  co_return "not reached";
}
task<std::string> goes_on_with_another_type(reprise::value<std::uint32_t>) {
  co_await reprise::continue_as_new(std::string("seven"));
  co_return "not reached";
}

// An edit in place: `edited` says which source is compiled in.
bool edited = false;
task<std::string> with_an_edit() {
  std::string out;
  for (int i = 0; i < 2; ++i) {
    co_await work("before");
    if (edited && co_await reprise::changed("new-step")) out += *co_await work("new");
    out += *co_await note();
  }
  co_return out;
}
task<std::string> asks_twice() {
  const bool first = co_await reprise::changed("twice");
  co_await work("w");
  const bool second = co_await reprise::changed("twice");
  co_return first&& second ? "both" : "not both";
}
task<std::string> talks() {
  co_await reprise::log("before");
  co_await work("w");
  co_await reprise::log("after");
  co_return "";
}
task<std::string> drops_a_settled_wait() {
  {
    auto unused = co_await reprise::begin(note());
    co_await work("w");
  }
  co_return *co_await note();
}
}  // namespace

BOOST_AUTO_TEST_SUITE(generations)

BOOST_AUTO_TEST_CASE(a_child_is_a_step_with_an_answer) {
  instance it(asks_a_child);
  BOOST_TEST(it.start() == "1 orchestration leaf as given");
  BOOST_TEST(it.run().open(1));
  BOOST_TEST(it.answer(1, "a") == "3 orchestration leaf");
  BOOST_TEST((it.step(3).timeout == 5s));
  BOOST_TEST(it.fail(3, {reprise::cause::timed_out, "late", true}) == "5 completion");
  BOOST_TEST(it.text() == "afailed");
}

BOOST_AUTO_TEST_CASE(children_are_gathered_and_raced) {
  instance it(many_children);
  BOOST_TEST(it.start() == "1 orchestration leaf, 2 orchestration leaf as b");
  it.answer(2, "B");
  BOOST_TEST(it.answer(1, "A") == "5 orchestration leaf, 6 timer");
  BOOST_TEST(it.fire(6) == "8 withdrawal of step 5, 9 completion");
  BOOST_TEST(it.text() == "ABlate");
}

BOOST_AUTO_TEST_CASE(a_derived_id_is_the_steps_and_attempts_alone) {
  reprise::history_event step;
  step.number = 5;
  BOOST_TEST(internal::child_id(step, {3, 120}, 1) == "child-3.120.5");
  BOOST_TEST(internal::child_id(step, {3, 120}, 2) == "child-3.120.5.2");
  step.key = "given";
  BOOST_TEST(internal::child_id(step, {3, 120}, 2) == "given");
}

BOOST_AUTO_TEST_CASE(a_start_and_an_event_can_be_told) {
  instance it(tells_all);
  BOOST_TEST(it.start() ==
             "1 launch of leaf as one, 2 launch of leaf, 3 signal note to two, 4 completion");
}

BOOST_AUTO_TEST_CASE(the_next_generation_gets_what_was_raised_and_not_seen) {
  instance it(round_of, reprise::value<std::uint32_t>(2));
  BOOST_TEST(it.start() == "1 event note");
  it.raise("note", std::string("n1"));
  it.raise("word", std::string("w1"));  // settles the wait that nobody looks at
  it.raise("note", std::string("n2"));
  it.raise("word", std::string("w2"));
  const auto work_step = 4u;
  BOOST_TEST(reprise::describe(it.step(work_step)) == "activity work");
  BOOST_TEST(it.answer(work_step, "") == "9 continue as new ");
  BOOST_TEST(it.finished());
  const auto unseen = it.run().take_unseen();
  BOOST_TEST_REQUIRE(unseen.size() == 3u);
  const auto text = [](const reprise::history_event& e) {
    return e.name + "=" + std::string(e.value.bytes());
  };
  BOOST_TEST(text(unseen[0]) == "word=w1");
  BOOST_TEST(text(unseen[1]) == "note=n2");
  BOOST_TEST(text(unseen[2]) == "word=w2");
}

BOOST_AUTO_TEST_CASE(a_call_names_the_body_that_goes_on) {
  instance it(goes_on_as_a_call, reprise::value<std::uint32_t>(1));
  BOOST_TEST(it.start() == "1 continue as new body");
  instance wrong(goes_on_as_another, reprise::value<std::uint32_t>(1));
  BOOST_TEST(wrong.start() == "1 completion");
  BOOST_TEST(wrong.error().text == "continue_as_new: an instance of body cannot go on as other");
}

BOOST_AUTO_TEST_CASE(the_input_of_the_next_generation_has_the_right_type) {
  instance it(goes_on_with_another_type, reprise::value<std::uint32_t>(1));
  BOOST_TEST(it.start() == "1 completion");
  BOOST_TEST(it.error().text == "continue_as_new: orchestration body takes uint32, not text");
}

BOOST_AUTO_TEST_CASE(an_edit_in_place_is_not_seen_by_an_instance_that_has_passed_it) {
  edited = false;
  instance before(with_an_edit, impure);
  before.start();
  before.answer(1, "");  // now waits for the first note
  edited = true;
  auto resumed = before.replayed(before.history());
  BOOST_TEST(!resumed->diverged().has_value());
  reprise::history_event raised;
  raised.kind = event_kind::raised;
  raised.name = "note";
  raised.number = resumed->next_number();
  resumed->feed(raised);
  auto steps = resumed->take_steps();
  BOOST_TEST_REQUIRE(steps.size() == 1u);
  reprise::history_event answer;
  answer.kind = event_kind::answered;
  answer.target = steps[0].number;
  answer.number = resumed->next_number();
  resumed->feed(answer);
  steps = resumed->take_steps();
  BOOST_TEST_REQUIRE(steps.size() == 1u);  // the second round too goes the old way
  BOOST_TEST(reprise::describe(steps[0]) == "event note");
}

BOOST_AUTO_TEST_CASE(an_edit_in_place_is_taken_by_a_new_instance) {
  edited = true;
  instance it(with_an_edit);
  BOOST_TEST(it.start() == "1 activity work");
  BOOST_TEST(it.answer(1, "") == "3 change new-step, 4 activity work");
  BOOST_TEST(it.answer(4, "n") == "6 event note");
}

BOOST_AUTO_TEST_CASE(an_edit_whose_code_is_gone_again_is_a_divergence) {
  edited = true;
  instance it(with_an_edit, impure);
  it.start();
  it.answer(1, "");
  edited = false;
  auto resumed = it.replayed(it.history());
  BOOST_TEST_REQUIRE(resumed->diverged().has_value());
  BOOST_TEST(resumed->diverged()->recorded == "change new-step");
  BOOST_TEST(resumed->diverged()->taken == "event note");
}

BOOST_AUTO_TEST_CASE(a_change_is_decided_once) {
  instance it(asks_twice);
  BOOST_TEST(it.start() == "1 change twice, 2 activity work");
  BOOST_TEST(it.answer(2, "") == "4 completion");
  BOOST_TEST(it.text() == "both");
}

BOOST_AUTO_TEST_CASE(a_line_is_logged_once_and_not_by_replay) {
  instance it(talks);
  it.start();
  BOOST_TEST(it.run().take_lines() == std::vector<std::string>{"before"},
             boost::test_tools::per_element());
  it.answer(1, "");
  BOOST_TEST(it.run().take_lines() == std::vector<std::string>{"after"},
             boost::test_tools::per_element());
  BOOST_TEST(it.replayed(it.history())->take_lines().empty());
}

BOOST_AUTO_TEST_CASE(an_event_that_a_dropped_wait_had_goes_to_the_next) {
  instance it(drops_a_settled_wait);
  BOOST_TEST(it.start() == "1 event note, 2 activity work");
  BOOST_TEST(it.raise("note", std::string("kept")) == "");
  BOOST_TEST(it.answer(2, "") == "5 withdrawal of step 1, 6 event note, 7 completion");
  BOOST_TEST(it.text() == "kept");
}

BOOST_AUTO_TEST_SUITE_END()
