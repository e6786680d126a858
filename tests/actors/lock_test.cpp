// Critical sections in the pure machine: which steps they take and what they forbid. Each script's
// history is cut at every index and replayed when it ends.

#include "tests/actors/instance.hpp"

using namespace reprise::testing;
using reprise::actor_ref;
using reprise::cause;
using reprise::none;
using reprise::task;

namespace {
using text = std::string;
constexpr reprise::actor<none> box{"box"};
constexpr reprise::actor<none> ark{"ark"};
constexpr reprise::operation<none, text, text> put{box, "put"};
constexpr reprise::activity<text, text> work{"work"};
constexpr reprise::event<text> word{"word"};
constexpr reprise::orchestration<none, text> other{"other"};

task<text> two() {
  {
    auto held = co_await reprise::lock(box("b"), box("a"));
    co_await put("b", text("1"));
  }
  auto last = co_await put("c", text("2"));
  co_return *last;
}
task<text> listed() {
  std::vector<actor_ref> all{box("b"), ark("z"), box("a"), box("b"), box("B")};
  auto held = co_await reprise::lock(std::move(all));
  co_return "held";
}
task<text> attempted() {
  auto held = co_await reprise::attempt(reprise::lock(box("a"), box("b"), box("c")));
  co_return held ? "held" : held.error().text;
}
task<text> not_attempted() {
  auto held = co_await reprise::lock(box("a"), box("b"));
  co_return "held";
}
task<text> everything_free() {
  auto held = co_await reprise::lock(box("a"));
  auto slow = co_await reprise::begin(put("a", text("x")));
  co_await work("w");
  auto said = co_await reprise::race(word(), reprise::sleep(1h));
  auto got = co_await slow;
  held.release();
  held.release();
  co_await reprise::tell(put("a", text("y")));
  co_return *got + (said ? **said : "late");
}
task<text> again() {
  std::string order;
  for (int i = 0; i < 2; ++i) {
    auto held = co_await reprise::lock(box(std::to_string(i)));
    order += "held ";
  }
  co_return order;
}
task<text> moved() {
  std::optional<reprise::section> kept;
  {
    auto held = co_await reprise::lock(box("a"));
    kept.emplace(std::move(held));
  }
  co_await work("in");
  auto next = co_await reprise::attempt(reprise::lock(box("b")));
  kept.reset();
  co_await work("out");
  co_return next ? "second" : "one";
}
task<reprise::section> inner() {
  auto held = co_await reprise::lock(box("a"));
  co_await work("in");
  co_return held;
}
task<text> from_within() {
  auto held = co_await inner();
  co_await put("a", text("x"));
  co_return "end";
}
task<text> fails_inside() {
  auto held = co_await reprise::lock(box("a"), box("b"));
  co_await work("w");
  co_return "no";
}

reprise::lock_of locks_again() { return reprise::lock(box("a")); }
reprise::call<text> calls_outside() { return put("c", text("x")); }
reprise::tell_of tells_outside() { return reprise::tell(put("c", text("x"))); }
reprise::tell_of tells_inside() { return reprise::tell(put("a", text("x"))); }
reprise::call<text> awaits_another() { return reprise::call<text>(other().what()); }

// The text of the failure of what is forbidden inside.
template <auto ask>
task<text> inside() {
  auto held = co_await reprise::lock(box("a"), box("b"));
  text why;
  try {
    static_cast<void>(co_await ask());
  } catch (const reprise::failed& f) {
    why = f.why().why == cause::invalid ? f.why().text : "another cause";
  }
  co_return why;
}
task<text> releases_with_a_call_open() {
  auto held = co_await reprise::lock(box("a"));
  auto p = co_await reprise::begin(put("a", text("x")));
  text why;
  try {
    held.release();
  } catch (const reprise::failed& f) {
    why = f.why().text;
  }
  co_await work("still held");
  p.cancel();
  held.release();
  co_return why;
}
task<text> drops_with_a_call_open() {
  std::optional<reprise::pending<text>> p;
  {
    auto held = co_await reprise::lock(box("a"));
    p.emplace(co_await reprise::begin(put("a", text("x"))));
  }
  auto got = co_await reprise::attempt(std::move(*p));
  co_return got ? **got : got.error().text;
}
task<text> locks_with_a_call_open() {
  auto p = co_await reprise::begin(put("a", text("x")));
  auto held = co_await reprise::attempt(reprise::lock(box("b")));
  const text why = held ? "held" : held.error().text;
  p.cancel();
  auto now = co_await reprise::attempt(reprise::lock(box("b")));
  co_return why + (now ? ", held" : ", not held");
}
task<text> bad_names() {
  text why;
  std::vector<std::vector<actor_ref>> wrong{{}, {box("x/y")}, {actor_ref("No", "x")}, {}};
  for (std::size_t i = 0; i <= reprise::max_actors_of_section; ++i)
    wrong.back().push_back(box(std::to_string(i)));
  for (auto& one : wrong) {
    auto held = co_await reprise::attempt(reprise::lock(std::move(one)));
    why += held ? "held; " : held.error().text + "; ";
  }
  co_return why;
}
}  // namespace

BOOST_AUTO_TEST_SUITE(locks)

BOOST_AUTO_TEST_CASE(actors_are_asked_for_one_by_one_and_released_by_the_end_of_the_scope) {
  instance it(two);
  BOOST_TEST(it.start() == "1 lock box/a");
  BOOST_TEST(it.waits() == "lock box/a");
  BOOST_TEST(it.run().open(1));
  BOOST_TEST(it.answered(1, {}) == "3 lock box/b");
  BOOST_TEST(it.answered(3, {}) == "5 operation box/b put");
  BOOST_TEST(it.answer(5, "x") == "7 release of lock 1, 8 operation box/c put");
  it.answer(8, "end");
  BOOST_TEST(it.text() == "end");
}

BOOST_AUTO_TEST_CASE(actors_to_lock_are_sorted_by_address_and_each_is_asked_once) {
  instance it(listed);
  BOOST_TEST(it.start() == "1 lock ark/z");
  BOOST_TEST(it.answered(1, {}) == "3 lock box/B");
  BOOST_TEST(it.answered(3, {}) == "5 lock box/a");
  BOOST_TEST(it.answered(5, {}) == "7 lock box/b");
  BOOST_TEST(it.answered(7, {}) == "9 release of lock 1, 10 completion");
}

BOOST_AUTO_TEST_CASE(a_lock_that_fails_releases_the_others_of_its_section) {
  const reprise::failure no{cause::unbound, "no such type", false};
  for (const bool first : {true, false}) {
    instance it(attempted);
    it.start();
    if (!first) it.answered(1, {});
    BOOST_TEST(it.fail(first ? 1 : 3, no)
                   .starts_with(first ? "3 release of lock 1, 4 completion"
                                      : "5 release of lock 1, 6 completion"));
    BOOST_TEST(it.text() == "no such type");
  }
  instance it(not_attempted);
  it.start();
  it.answered(1, {});
  BOOST_TEST(it.fail(3, no) == "5 release of lock 1, 6 completion");
  BOOST_TEST((it.error() == no));
}

BOOST_AUTO_TEST_CASE(activities_timers_events_and_calls_of_its_actors_are_free) {
  instance it(everything_free);
  it.start();
  BOOST_TEST(it.answered(1, {}) == "3 operation box/a put, 4 activity work");
  BOOST_TEST(it.answer(4, "done") == "6 event word, 7 timer");
  BOOST_TEST(it.raise("word", text("said")) == "9 withdrawal of step 7");
  BOOST_TEST(it.answer(3, "got ") == "11 release of lock 1, 12 tell box/a put, 13 completion");
  BOOST_TEST(it.text() == "got said");
}

BOOST_AUTO_TEST_CASE(a_section_may_follow_another) {
  instance it(again);
  it.start();
  BOOST_TEST(it.answered(1, {}) == "3 release of lock 1, 4 lock box/1");
  BOOST_TEST(it.answered(4, {}) == "6 release of lock 4, 7 completion");
}

BOOST_AUTO_TEST_CASE(a_section_lives_where_it_was_moved) {
  instance it(moved);
  it.start();
  BOOST_TEST(it.answered(1, {}) == "3 activity work");
  BOOST_TEST(it.answer(3, "") == "5 release of lock 1, 6 activity work");
  it.answer(6, "");
  BOOST_TEST(it.text() == "one");

  instance within(from_within);
  within.start();
  within.answered(1, {});
  BOOST_TEST(within.answer(3, "") == "5 operation box/a put");
  BOOST_TEST(within.answer(5, "") == "7 release of lock 1, 8 completion");
}

BOOST_AUTO_TEST_CASE(an_exception_releases_the_section) {
  instance it(fails_inside);
  it.start();
  it.answered(1, {});
  it.answered(3, {});
  BOOST_TEST(it.fail(5, reprise::fail("no")) == "7 release of lock 1, 8 completion");
}

BOOST_AUTO_TEST_CASE(a_step_that_could_wait_for_another_section_fails_inside_a_section) {
  const std::pair<task<text> (*)(), const char*> forbidden[] = {
      {inside<locks_again>, "lock: a critical section is held already; release it"},
      {inside<calls_outside>,
       "box/c is not in the critical section: lock it with the others, or call it after the "
       "release"},
      {inside<tells_outside>,
       "box/c cannot be told anything in a critical section: call it, or tell it after the "
       "release"},
      {inside<tells_inside>,
       "box/a cannot be told anything in a critical section: call it, or tell it after the "
       "release"},
      {inside<awaits_another>,
       "orchestration other cannot be awaited in a critical section: it might wait for an actor "
       "that is locked"}};
  for (const auto& [body, words] : forbidden) {
    instance it(body);
    it.start();
    it.answered(1, {});
    BOOST_TEST(it.answered(3, {}) == "5 release of lock 1, 6 completion");
    BOOST_TEST(it.text() == words);
  }
}

BOOST_AUTO_TEST_CASE(a_release_with_a_call_open_fails_and_a_dropped_section_is_released) {
  instance it(releases_with_a_call_open);
  it.start();
  BOOST_TEST(it.answered(1, {}) == "3 operation box/a put, 4 activity work");
  BOOST_TEST(it.answer(4, "") == "6 withdrawal of step 3, 7 release of lock 1, 8 completion");
  BOOST_TEST(it.text() == "release: a call to a locked actor is open; await it or cancel it first");

  instance dropped(drops_with_a_call_open);
  dropped.start();
  BOOST_TEST(dropped.answered(1, {}) == "3 operation box/a put, 4 release of lock 1");
  dropped.fail(3, {cause::cancelled, "its section has ended", false});
  BOOST_TEST(dropped.text() == "its section has ended");
}

BOOST_AUTO_TEST_CASE(no_section_begins_while_a_call_is_open) {
  instance it(locks_with_a_call_open);
  BOOST_TEST(it.start() == "1 operation box/a put, 2 withdrawal of step 1, 3 lock box/b");
  it.answered(3, {});
  BOOST_TEST(it.text() ==
             "lock: a call of an operation or orchestration is open; await it or cancel it first, "
             "held");
}

BOOST_AUTO_TEST_CASE(invalid_actor_addresses_and_too_many_actors_are_refused) {
  instance it(bad_names);
  BOOST_TEST(it.start() == "1 completion");
  BOOST_TEST(it.text() ==
             "lock: it names no actor; lock: 'x/y' cannot be the key of an actor; lock: 'No' "
             "cannot be a type of actors; lock: more than 1,000 actors (max_actors_of_section); ");
}

BOOST_AUTO_TEST_CASE(a_grant_that_came_while_no_code_ran_is_given_later) {
  instance it(two);
  it.start();
  reprise::history_event grant;
  grant.kind = event_kind::answered;
  grant.target = 1;
  grant.deferred = true;
  BOOST_TEST(it.feed(grant) == "");
  reprise::history_event fed;
  fed.kind = event_kind::fed;
  fed.target = 2;
  BOOST_TEST(it.feed(fed) == "4 lock box/b");
}

BOOST_AUTO_TEST_CASE(a_lock_of_another_actor_or_a_release_of_another_section_is_a_divergence) {
  instance it(two);
  it.start();
  it.answered(1, {});
  it.answered(3, {});
  it.answer(5, "x");
  auto history = it.history();
  history[1].key = "A";
  BOOST_TEST(it.replayed(history)->diverged()->taken == "lock box/a");
  history = it.history();
  history[7].target = 3;
  BOOST_TEST(it.replayed(history)->diverged()->recorded == "release of lock 3");
}

BOOST_AUTO_TEST_SUITE_END()
