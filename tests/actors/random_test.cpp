// Programs by chance against inputs by chance: orchestrators that begin, race, drop and await in
// any order, answers and events that come in any order, doubled and late ones among them. Whatever
// happens, no event is lost, `open` agrees with the history, and every cut of the history comes to
// the same end.

#include <memory>
#include <random>
#include <set>

#include "tests/actors/instance.hpp"

using namespace reprise::testing;
using reprise::task;

namespace {
constexpr reprise::activity<std::uint64_t, std::uint64_t> work{"work"};
constexpr reprise::event<std::uint64_t> red{"red"};
constexpr reprise::event<std::uint64_t> blue{"blue"};
using pendings = std::shared_ptr<std::vector<reprise::pending<std::uint64_t>>>;

task<std::uint64_t> inner(std::uint64_t n) {
  auto got = co_await reprise::attempt(work(n));
  if (!got) co_return n;
  auto more = co_await reprise::race(red(), work(**got));
  co_return n + more.index();
}

// One action; what it learns decides the next ones, as in real code.
task<std::uint64_t> act(std::uint64_t dice, pendings open) {
  std::uint64_t learned = dice;
  switch (dice % 9) {
    case 0: {
      auto got = co_await reprise::attempt(work(dice));
      learned += got ? **got : 1;
      break;
    }
    case 1: {
      auto won = co_await reprise::attempt(reprise::race(red(), blue(), reprise::sleep(1s)));
      learned += won ? (*won).index() : 7;
      break;
    }
    case 2: {
      auto maybe = co_await reprise::race(blue(), reprise::sleep(1min));
      learned += maybe ? **maybe : 3;
      break;
    }
    case 3:
      open->push_back(co_await reprise::begin(work(dice)));
      break;
    case 4:
      open->push_back(co_await reprise::begin(red()));
      break;
    case 5:
      if (!open->empty()) open->erase(open->begin() + static_cast<long>(dice / 9 % open->size()));
      break;
    case 6: {
      if (open->empty()) break;
      auto i = co_await reprise::next(*open);
      auto got = co_await reprise::attempt(std::move((*open)[i]));
      learned += got ? **got : i;
      open->erase(open->begin() + static_cast<long>(i));
      break;
    }
    case 7: {
      auto both = co_await reprise::attempt(reprise::all(work(dice), blue(), reprise::sleep(1s)));
      learned += std::get<0>(both) ? **std::get<0>(both) : 5;
      break;
    }
    default: {
      auto n = co_await inner(dice);
      learned += *n;
    }
  }
  co_return learned;
}

task<std::uint64_t> program(reprise::value<std::uint64_t> seed) {
  auto open = std::make_shared<pendings::element_type>();
  std::uint64_t state = *seed;
  for (int i = 0; i < 12; ++i) {
    auto next = co_await act((state * 2862933555777941757u + 3037000493u) >> 7, open);
    state = *next + co_await reprise::random() % 3;
  }
  co_return state;
}

void agrees_with_its_history(instance& it) {
  std::set<std::uint64_t> open;
  long waits = 0, raised = 0;
  for (const auto& e : it.history()) {
    if (e.kind == event_kind::activity || e.kind == event_kind::timer) open.insert(e.number);
    if (e.kind == event_kind::wait) ++waits;
    if (e.kind == event_kind::answered) open.erase(e.target);
    if (e.kind == event_kind::withdrawn) {
      if (it.step(e.target).kind == event_kind::wait)
        --waits;
      else
        BOOST_TEST(open.erase(e.target) == 1u);
    }
    if (e.kind == event_kind::raised) ++raised;
  }
  if (it.finished()) return;
  for (std::uint64_t n = 0; n < it.history().size(); ++n)
    BOOST_TEST(it.run().open(n) == open.contains(n));
  long waiting = 0;
  for (const auto& line : it.run().waiting_for()) waiting += line.starts_with("event ");
  BOOST_TEST(raised == waits - waiting + static_cast<long>(it.run().buffered_events()));
}
}  // namespace

BOOST_AUTO_TEST_SUITE(random_programs)

BOOST_AUTO_TEST_CASE(a_random_program_loses_no_event_and_ends_the_same_after_any_cut) {
  int finished = 0;
  for (std::uint64_t seed = 1; seed <= 150; ++seed) {
    BOOST_TEST_CONTEXT("seed " << seed) {
      instance it(program, reprise::value<std::uint64_t>(seed));
      std::mt19937_64 dice(seed);
      it.start();
      for (int inputs = 0; inputs < 80 && !it.finished(); ++inputs) {
        it.pass(1s);
        auto step = dice() % it.history().size();
        switch (dice() % 6) {
          case 0:
            it.raise("red", dice() % 5);
            break;
          case 1:
            it.raise("BLUE", dice() % 5);
            break;
          case 2:
            it.answer(step, dice() % 5);
            break;  // late, doubled, or of no step at all
          default:
            while (step > 0 && !it.run().open(step)) --step;
            if (!it.run().open(step)) break;
            if (it.step(step).kind == event_kind::timer)
              it.fire(step);
            else if (dice() % 5 == 0)
              it.fail(step, reprise::reject("no"));
            else
              it.answer(step, dice() % 5);
        }
        agrees_with_its_history(it);
      }
      finished += it.finished();
    }
  }
  BOOST_TEST(finished > 50);
}

BOOST_AUTO_TEST_SUITE_END()
