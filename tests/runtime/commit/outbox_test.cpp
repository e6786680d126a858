// Gates open in the order of their groups, by one thread at a time, wherever they are opened.

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "runtime/commit/outbox.hpp"
#include "runtime/exec/simulated_executor.hpp"

namespace reprise::runtime {
namespace {

std::vector<gate> group_of(int number, std::vector<int>& opened, int size = 2) {
  std::vector<gate> gates;
  for (int i = 0; i < size; ++i)
    gates.emplace_back([number, &opened](commit_outcome) { opened.push_back(number); });
  return gates;
}

BOOST_AUTO_TEST_SUITE(outboxes)

BOOST_AUTO_TEST_CASE(an_outbox_asks_only_the_first_publisher_to_open_it) {
  simulated_executor on(1, {});
  outbox box(on);
  std::vector<int> opened;
  BOOST_TEST(!box.put({}, commit_outcome::durable));
  BOOST_TEST(box.put(group_of(1, opened), commit_outcome::durable));
  BOOST_TEST(!box.put(group_of(2, opened), commit_outcome::durable));
  BOOST_TEST(opened.empty());
  box.open_on_pool();
  on.run_until_idle();
  BOOST_TEST(opened == (std::vector{1, 1, 2, 2}), boost::test_tools::per_element());
  BOOST_TEST(box.put(group_of(3, opened), commit_outcome::durable));
  box.open_here();
  BOOST_TEST(opened.back() == 3);
}

BOOST_AUTO_TEST_CASE(a_group_that_joins_while_others_open_comes_after_them) {
  simulated_executor on(1, {});
  outbox box(on);
  std::vector<int> opened;
  std::vector<gate> first;
  first.emplace_back([&](commit_outcome) {
    BOOST_TEST(!box.put(group_of(2, opened, 1), commit_outcome::not_applied));
    opened.push_back(1);
  });
  for (auto& g : group_of(1, opened, 1)) first.push_back(std::move(g));
  BOOST_TEST(box.put(std::move(first), commit_outcome::durable));
  box.open_here();
  BOOST_TEST(opened == (std::vector{1, 1, 2}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(each_group_hears_its_own_outcome) {
  simulated_executor on(1, {});
  outbox box(on);
  std::vector<commit_outcome> heard;
  const auto hears = [&heard] {
    std::vector<gate> gates;
    gates.emplace_back([&heard](commit_outcome o) { heard.push_back(o); });
    return gates;
  };
  BOOST_TEST(box.put(hears(), commit_outcome::durable));
  BOOST_TEST(!box.put(hears(), commit_outcome::unknown));
  box.open_here();
  BOOST_TEST((heard == std::vector{commit_outcome::durable, commit_outcome::unknown}));
}

// What is behind a gate may close the node, and with it the outbox that opens.
BOOST_AUTO_TEST_CASE(an_outbox_may_be_destroyed_before_its_gates_are_open) {
  simulated_executor on(1, {});
  auto box = std::make_unique<outbox>(on);
  std::vector<int> opened;
  std::vector<gate> first;
  first.emplace_back([&](commit_outcome) { box.reset(); });
  BOOST_TEST(box->put(std::move(first), commit_outcome::durable));
  BOOST_TEST(!box->put(group_of(2, opened), commit_outcome::durable));
  box->open_here();
  BOOST_TEST(!box);
  BOOST_TEST(opened == (std::vector{2, 2}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(one_of_many_threads_opens_the_outbox) {
  simulated_executor on(1, {});
  outbox box(on);
  std::vector<int>
      opened;  // unguarded: two that open at once would be seen by it, or by a sanitizer
  constexpr int threads = 4, groups = 2000;
  std::vector<std::thread> all;
  for (int t = 0; t < threads; ++t)
    all.emplace_back([&, t] {
      for (int i = 0; i < groups; ++i)
        if (box.put(group_of(t, opened), commit_outcome::durable)) box.open_here();
    });
  for (auto& each : all) each.join();
  BOOST_TEST(opened.size() == std::size_t{2} * threads * groups);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace reprise::runtime
