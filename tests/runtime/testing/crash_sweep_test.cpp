// Kill before and after every commit, and between every two effects of one, or let it fail; open again,
// go on: the end is the same, and the ledger outside the store knows of nothing done twice.

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <iostream>

#include "persistence/testing/faulty_store.hpp"
#include "tests/runtime/testing/scenarios.hpp"
#include "tests/support/parts.hpp"

using namespace reprise;
using namespace reprise::testing;
using persistence::internal::faulty_store;
using persistence::internal::mishap;

namespace {

constexpr std::uint64_t seed = 20261123;

struct run_result {
  std::string end;
  std::uint64_t commits = 0;      // of the first process
  std::uint64_t checkpoints = 0;  // likewise
  unsigned deaths = 0;
};

struct kill_plan {
  std::uint64_t commit = 0;
  mishap how = mishap::none;
  std::uint64_t checkpoint = 0;
};

run_result run_once(const scenario& s, disk d, kill_plan plan) {
  run_result result;
  witness saw;
  world w(seed, d, parts::bound_with_examples, world::begins::down);
  w.wrap([&](std::unique_ptr<persistence::store> inner) -> std::unique_ptr<persistence::store> {
    return std::make_unique<faulty_store>(
        std::move(inner), persistence::internal::mishap_plan{plan.commit, plan.how, 0});
  });
  w.at_checkpoint([&](persistence::checkpoint) {
    if (++result.checkpoints == plan.checkpoint) throw process_died();
  });
  if (plan.how == mishap::not_written) saw.forgive_repeats();
  for (const auto& id : s.replaced) saw.replaced(id);
  client c(w, saw);
  s.play(c, w);
  c.run();
  BOOST_TEST(w.waiting_records() == 0u);
  result.deaths = c.deaths();
  if (plan.how == mishap::none && plan.checkpoint == 0)
    result.commits = static_cast<faulty_store&>(*w.engine().store).commits();
  result.end = s.end(w);
  for (const auto& wrong : saw.complaints(w)) BOOST_ERROR(wrong);
  return result;
}

void sweep(const scenario& s, disk d) {
  const auto calm = run_once(s, d, {});
  BOOST_TEST_MESSAGE(s.name << ": " << calm.commits << " commits, " << calm.checkpoints
                            << " checkpoints, end: " << calm.end);
  std::size_t runs = 0;
  const auto check = [&](kill_plan plan) {
    BOOST_TEST_CONTEXT(s.name << ", commit " << plan.commit << " how " << int(plan.how)
                              << ", checkpoint " << plan.checkpoint) {
      const auto killed = run_once(s, d, plan);
      BOOST_TEST(killed.deaths == (plan.how == mishap::not_written ? 0u : 1u));
      BOOST_TEST(killed.end == calm.end);
      ++runs;
    }
  };
  for (std::uint64_t k = 1; k <= calm.commits; ++k) {
    for (auto how : {mishap::crash_before, mishap::crash_after, mishap::not_written,
                     mishap::unknown_kept, mishap::unknown_lost})
      if (k > 1 || how >= mishap::crash_before) check({k, how, 0});
  }
  for (std::uint64_t k = 1; k <= calm.checkpoints; ++k) check({0, mishap::none, k});
  std::cout << "crash sweep: " << s.name << (d == disk::lmdb ? " on disk: " : " in memory: ")
            << calm.commits << " commits, " << runs << " kills, seed " << seed << '\n';
}

}  // namespace

BOOST_AUTO_TEST_SUITE(crash_sweep, *boost::unit_test::label("sweep"))

BOOST_AUTO_TEST_CASE(any_commit_may_be_the_last_in_memory) {
  for (const auto& s : sweep_scenarios()) sweep(s, disk::memory);
}

BOOST_AUTO_TEST_CASE(any_commit_may_be_the_last_on_disk) {
  for (const auto& s : sweep_scenarios()) sweep(s, disk::lmdb);
}

BOOST_AUTO_TEST_SUITE_END()
