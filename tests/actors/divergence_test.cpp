// Every kind of edit to code that has a history: found at the first step that differs, both sides
// named, and nothing runs afterwards.

#include <boost/test/data/test_case.hpp>

#include "tests/actors/instance.hpp"

using namespace reprise::testing;
using reprise::task;
namespace internal = reprise::internal;

namespace {
constexpr reprise::activity<std::string, std::string> pack{"pack"};
constexpr reprise::activity<std::string, std::string> ship{"ship"};
constexpr reprise::actor<reprise::none> shelf{"shelf"};
constexpr reprise::operation<reprise::none, reprise::none, std::string> take{shelf, "take"};
constexpr reprise::operation<reprise::none, reprise::none, std::string> put{shelf, "put"};
constexpr reprise::event<std::string> word{"word"};
constexpr reprise::event<std::string> note{"note"};

// Which edit the code has now; the history was made with `none`.
enum class edit {
  none,
  name,
  kind,
  operation,
  key,
  event_name,
  timer_gone,
  more,
  less,
  order,
  other_input,
  other_due,
  other_policy,
  other_status,
  ends_early,
  other_withdrawal,
  told,
  tells_only
};
std::ostream& operator<<(std::ostream& out, edit e) { return out << static_cast<int>(e); }
edit now_is = edit::none;
int ran_after = 0;

task<std::string> body() {
  bool swaps = now_is == edit::order;
  if (now_is == edit::told) co_await reprise::tell(take("tea"));
  if (swaps) co_await ship("y");
  if (now_is == edit::kind)
    co_await take("tea");
  else if (now_is == edit::name)
    co_await ship("x");
  else
    co_await pack(now_is == edit::other_input ? "another" : "x");
  if (now_is == edit::ends_early) co_return "early";
  if (now_is != edit::less) {
    if (now_is == edit::operation)
      co_await put("tea");
    else if (now_is == edit::tells_only)
      co_await reprise::tell(take("tea"));
    else
      co_await take(now_is == edit::key ? "coffee" : "tea");
  }
  if (now_is == edit::more) co_await ship("more");
  co_await reprise::set_status(now_is == edit::other_status ? "b" : "a");
  {
    auto p = co_await reprise::begin(pack("p"));
    auto q = co_await reprise::begin(pack("q"));
    if (now_is == edit::other_withdrawal)
      q.cancel();
    else
      p.cancel();
  }
  if (now_is == edit::event_name)
    co_await reprise::race(note(), reprise::sleep(1h));
  else if (now_is == edit::timer_gone)
    co_await word();
  else
    co_await reprise::race(word(), reprise::sleep(now_is == edit::other_due ? 2h : 1h));
  reprise::retry policy;
  if (now_is == edit::other_policy) policy.attempts = 9;
  co_await ship("y").with(policy);
  co_return "end";
}

struct found {
  edit with;
  const char* recorded;  // null: fits
  const char* taken;
};
std::ostream& operator<<(std::ostream& out, const found& f) { return out << "edit " << f.with; }

const found edits[] = {
    {edit::none, nullptr, nullptr},
    {edit::other_input, nullptr, nullptr},
    {edit::other_due, nullptr, nullptr},
    {edit::other_policy, nullptr, nullptr},
    {edit::other_status, nullptr, nullptr},
    {edit::name, "activity pack", "activity ship"},
    {edit::kind, "activity pack", "operation shelf/tea take"},
    {edit::operation, "operation shelf/tea take", "operation shelf/tea put"},
    {edit::key, "operation shelf/tea take", "operation shelf/coffee take"},
    {edit::order, "activity pack", "activity ship"},
    {edit::told, "activity pack", "tell shelf/tea take"},
    {edit::tells_only, "operation shelf/tea take", "tell shelf/tea take"},
    {edit::ends_early, "operation shelf/tea take", "completion"},
    {edit::less, "operation shelf/tea take", "status"},
    {edit::more, "status", "activity ship"},
    {edit::other_withdrawal, "withdrawal of step 6", "withdrawal of step 7"},
    {edit::event_name, "event word", "event note"},
    {edit::timer_gone, "timer", "nothing (the code waits)"},
};

struct unedited {
  unedited() { now_is = edit::none; }
  ~unedited() { now_is = edit::none; }
};

std::vector<reprise::history_event> whole_history(instance& it) {
  it.start();
  it.answer(1, "");
  it.answer(3, "");
  it.fire(11);
  it.answer(14, "");
  BOOST_TEST_REQUIRE(it.finished());
  return it.history();
}

task<std::string> swallows_everything() {
  for (int i = 0; i < 1000; ++i) {
    try {
      if (now_is == edit::name)
        co_await ship("x");
      else
        co_await pack("x");
    } catch (...) {
    }
    if (now_is != edit::none) ++ran_after;
  }
  co_return "swallowed";
}
}  // namespace

BOOST_FIXTURE_TEST_SUITE(divergence, unedited)

BOOST_DATA_TEST_CASE(an_edit_is_found_at_the_first_step_that_differs,
                     boost::unit_test::data::make(edits), row) {
  instance it(body);
  auto history = whole_history(it);
  now_is = row.with;
  auto run = it.replayed(history);
  auto found = run->diverged();
  now_is = edit::none;
  BOOST_TEST(found.has_value() == (row.recorded != nullptr));
  if (!found || !row.recorded) return;
  BOOST_TEST(found->recorded == row.recorded);
  BOOST_TEST(found->taken == row.taken);
  BOOST_TEST(run->take_steps().empty());
  BOOST_TEST(!run->open(1));
}

BOOST_AUTO_TEST_CASE(a_step_where_history_goes_on_with_an_input_is_found) {
  std::vector<reprise::history_event> shorter;
  {
    now_is = edit::timer_gone;  // made without the timer, replayed with it
    instance without(body);
    without.start();
    without.answer(1, "");
    without.answer(3, "");
    without.raise("word", std::string("w"));
    shorter = without.history();
  }
  now_is = edit::none;
  instance it(body);
  auto run = it.replayed(shorter);
  BOOST_TEST_REQUIRE(run->diverged().has_value());
  BOOST_TEST(run->diverged()->recorded == "nothing (raised event word comes next)");
  BOOST_TEST(run->diverged()->taken == "timer");
}

BOOST_AUTO_TEST_CASE(code_that_swallows_everything_does_not_run_on) {
  instance it(swallows_everything);
  it.start();
  it.answer(1, "");
  it.answer(3, "");
  auto history = it.history();
  now_is = edit::name;
  ran_after = 0;
  auto run = it.replayed(history);
  BOOST_TEST_REQUIRE(run->diverged().has_value());
  BOOST_TEST(run->diverged()->number == 1u);
  BOOST_TEST(run->diverged()->recorded == "activity pack");
  BOOST_TEST(run->diverged()->taken == "activity ship");
  BOOST_TEST(ran_after == 0);
  reprise::history_event late;
  late.kind = event_kind::answered;
  late.target = 1;
  late.number = run->next_number();
  run->feed(late);
  run->replay(late);
  BOOST_TEST(run->take_steps().empty());
  run.reset();
  BOOST_TEST(ran_after == 0);
  now_is = edit::none;
}

BOOST_AUTO_TEST_CASE(a_history_with_a_gap_is_found) {
  instance it(body);
  auto history = whole_history(it);
  history.erase(history.begin() + 2, history.begin() + 4);
  BOOST_TEST(it.replayed(history)->diverged().has_value());
}

BOOST_AUTO_TEST_SUITE_END()
