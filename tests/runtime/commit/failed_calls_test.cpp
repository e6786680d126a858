// Every call of the store fails, with every error, once, twice in a row and for ever, while threads work on
// the node: nothing that was answered is lost, nothing is answered that is lost, and the node goes on, or
// has failed and said so.

#include <algorithm>
#include <array>
#include <atomic>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <ostream>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "tests/runtime/commit/failing_node.hpp"
#include "tests/support/parts.hpp"

using namespace reprise;
using namespace reprise::testing;
using namespace std::chrono_literals;
using persistence::errc;

namespace {

constexpr std::uint64_t for_ever = std::numeric_limits<std::uint64_t>::max();
constexpr auto patience = 30s;  // only what is never answered is waited for so long

// What one client was told of the tally and the instances that are its own.
struct told {
  std::string name;
  parts::number added = 0, unknown = 0, seen = 0;
  std::set<std::string> started;
  std::vector<std::string> wrong;
};

template <class T>
std::optional<result<T>> answer_to(told& t, const handle<T>& h, const char* what) {
  auto answer = h.wait_for(patience);
  if (!answer) t.wrong.push_back(std::string(what) + " was never answered");
  if (answer && !*answer && answer->error().text.empty())
    t.wrong.push_back(std::string(what) + " failed without a word");
  return answer;
}

void add_one(node& n, told& t) {
  const auto a = answer_to(t, n.ask(parts::add(t.name, parts::number{1})), "add");
  if (a && *a) ++t.added;
  if (a && !*a && a->error().why == cause::unknown_outcome) ++t.unknown;
}

// At least until the fault is met: what is refused while the node starts anew is refused at once, and does
// not count. Longer than anything takes, and not for ever.
void work(failing_node& on, told& t, const std::atomic<bool>& closing) {
  auto& n = on.at();
  const auto end = std::chrono::steady_clock::now() + patience;
  const auto met = [&] {
    const auto& s = on.store();
    return s.hit() || (s.never_fails() && s.calls() > 0) || std::chrono::steady_clock::now() > end;
  };
  for (int i = 0; ((i < 40 && t.added < 5) || !met()) && !closing; ++i) {
    add_one(n, t);
    if (const auto a = answer_to(t, n.ask(parts::read(t.name)), "read"); a && *a) t.seen = ***a;
    if (i % 4 != 1) continue;
    const auto id = t.name + "-" + std::to_string(i);
    const auto a = answer_to(t, n.start(parts::errand.as(id, parts::number{1})), "start");
    if (a && *a) t.started.insert(id);
  }
}

// What is on the disk, against what was told.
void compare(node& n, told& t) {
  const auto a = n.ask(parts::read(t.name)).get();
  const auto is = a ? **a : -1;
  if (!a) t.wrong.push_back("it cannot be read: " + a.error().text);
  if (is < t.added) t.wrong.push_back("an answered add is lost");
  if (is > t.added + t.unknown) t.wrong.push_back("an add that was refused is there");
  if (is < t.seen) t.wrong.push_back("what was read is lost");
  for (const auto& id : t.started) {
    handle<instance_status> found;
    n.instances().status(id, with_history::no, [found](auto s) { found.set(std::move(s)); });
    if (!found.get()) t.wrong.push_back("a started instance is lost");
  }
}

struct fault_in {
  failure_plan plan;
  bool close_early = false;
  friend std::ostream& operator<<(std::ostream& out, const fault_in& f) {
    constexpr std::array names{"commit", "begin_term", "load", "read"};
    return out << names[static_cast<std::size_t>(f.plan.in)] << " #" << f.plan.first
               << " fails with " << static_cast<int>(f.plan.code) << ", times " << f.plan.times
               << ", kept " << f.plan.kept << ", after " << f.plan.refused_commit
               << ", closed early " << f.close_early;
  }
};

// Disk short of room for ever: the node tries again for as long as it lives.
bool may_try_for_ever(const failure_plan& p) {
  return p.times == for_ever && p.code == errc::not_written && p.in != store_call::load;
}

void end_of(failing_node& n, const fault_in& f, std::vector<told>& all) {
  if (!f.close_early && !may_try_for_ever(f.plan)) {
    BOOST_TEST(n.settled(), "neither ready nor failed: " << f);
    const bool reads_fail = f.plan.in == store_call::load;
    const bool heals = !reads_fail || f.plan.times != for_ever;
    if (n.at().state() == node_state::ready && heals)
      for (auto& t : all) {
        // What is left of the plan may be met by the first two.
        const auto before = t.added;
        for (int i = 0; i < 3 && t.added == before && n.settled(); ++i) add_one(n.at(), t);
        BOOST_TEST((t.added == before + 1 || n.at().state() == node_state::failed),
                   "it takes nothing: " << f);
      }
  }
  n.at().close();
  n.at().close();
  BOOST_TEST(n.store().misuses() == 0u, f);
  BOOST_TEST(n.told_failed() <= 1u, f);
}

// How many calls of the plan's kind there were, if none failed; else 1 when the fault was met.
std::uint64_t run_with(const fault_in& f) {
  const auto disk = std::make_shared<persistence::memory_disk>();
  std::vector<told> all(3);
  for (std::size_t i = 0; i < all.size(); ++i) all[i].name = "t" + std::to_string(i);
  std::uint64_t came = 0;
  {
    failing_node n(disk);
    if (!n.open(parts::bound(), f.plan)) return 1;
    std::atomic<bool> closing{false};
    std::vector<std::thread> clients;
    std::atomic<std::size_t> ended{0};
    for (auto& t : all)
      clients.emplace_back([&] {
        work(n, t, closing);
        ++ended;
      });
    if (f.close_early) {
      while (!n.store().hit() && ended < all.size()) std::this_thread::yield();
      n.at().close();
      closing = true;
    }
    for (auto& c : clients) c.join();
    end_of(n, f, all);
    came = n.store().never_fails() ? n.store().calls() : n.store().hit();
  }
  failing_node after(disk);
  BOOST_REQUIRE(after.open(parts::bound()));
  for (auto& t : all) compare(after.at(), t);
  after.at().close();
  for (const auto& t : all)
    for (const auto& wrong : t.wrong) BOOST_ERROR(t.name << ": " << wrong << ": " << f);
  return came;
}

// What a plan may be varied by. Which of the calls fails is chosen among those that come without a fault.
void sweep(failure_plan plan, std::uint64_t most, std::initializer_list<errc> codes) {
  plan.first = for_ever;
  const auto calls = std::min(most, run_with({plan, false}));
  BOOST_REQUIRE(calls > 0u);
  std::uint64_t runs = 0, met = 0;
  for (const auto code : codes)
    for (const auto times : {std::uint64_t{1}, std::uint64_t{2}, for_ever})
      for (std::uint64_t first = 1; first <= calls; ++first)
        for (const bool early : {false, true}) {
          plan.code = code;
          plan.times = times;
          plan.first = first;
          plan.kept = first % 2 == 0;
          ++runs;
          met += run_with({plan, early});
        }
  BOOST_TEST_MESSAGE(runs << " runs, at " << calls << " calls");
  BOOST_TEST(met == runs);
}

constexpr auto every_error = {errc::not_written, errc::unknown, errc::corrupt, errc::full,
                              errc::io};

}  // namespace

BOOST_AUTO_TEST_SUITE(failed_calls)

BOOST_AUTO_TEST_CASE(any_commit_may_fail) { sweep({.in = store_call::commit}, 6, every_error); }

BOOST_AUTO_TEST_CASE(any_beginning_of_a_term_may_fail) {
  sweep({.in = store_call::begin_term, .refused_commit = 2}, 2, every_error);
}

BOOST_AUTO_TEST_CASE(any_load_may_fail) {
  sweep({.in = store_call::load}, 4, {errc::io, errc::failed});
}

BOOST_AUTO_TEST_CASE(any_read_of_an_open_may_fail) {
  sweep({.in = store_call::read}, 6, {errc::io, errc::corrupt});
}

BOOST_AUTO_TEST_CASE(any_read_after_a_failed_commit_may_fail) {
  sweep({.in = store_call::read, .refused_commit = 3}, 6, {errc::io, errc::corrupt});
}

BOOST_AUTO_TEST_SUITE_END()
