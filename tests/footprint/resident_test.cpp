// What an actor or an instance takes while it waits, and that the node's own figure of it is true.

#include <boost/test/unit_test.hpp>
#include <functional>
#include <string>

#include "examples/approval/approval.hpp"
#include "tests/footprint/counted_heap.hpp"
#include "tests/support/parts.hpp"
#include "tests/support/world.hpp"

using namespace reprise;
using namespace reprise::testing;
using namespace reprise::testing::parts;
using namespace std::chrono_literals;

namespace {

// Bytes of memory, and as the node says, of each of so many more of a kind.
struct taken {
  double memory = 0, said = 0;
};

using begin = std::function<void(world&, const std::string& id)>;

taken by_each(const begin& one, const std::function<void(world&)>& then = {}) {
  world w(1, disk::lmdb, bound_with_examples);
  unsigned made = 0;
  const auto more = [&](unsigned count) {
    for (const auto end = made + count; made < end; ++made)
      one(w, "id-" + std::to_string(100'000 + made));
    w.run();
    if (then) then(w);
  };
  constexpr unsigned shared = 128, counted = 256;  // the first pay for what all have in common
  more(shared);
  const auto memory = heap_bytes();
  const auto said = w.at().operate().figures().resident_bytes;
  const auto hosts = w.engine().hosts.size();
  more(counted);
  BOOST_TEST_REQUIRE(w.engine().hosts.size() == hosts + counted);
  return {double(heap_bytes() - memory) / counted,
          double(w.at().operate().figures().resident_bytes - said) / counted};
}

void approval(world& w, const std::string& id) {
  const auto request =
      make<examples::approval::Request>([](auto out) { out.setTimeoutSeconds(24 * 60 * 60); });
  w.start(examples::approval::approval.as(id, request).what());
}

void collector(world& w, const std::string& id) {
  w.start(collect.as(id).what());
  for (int i = 0; i < 20; ++i) w.raise(nudge.to(id, 1));
}

// All leave memory, and come back from their records for an event that they wait for no more.
void come_back(world& w) {
  const auto all = w.engine().hosts.size();
  w.forget();
  for (std::size_t i = 0; i < all; ++i) w.raise(nudge.to("id-" + std::to_string(100'000 + i), 1));
  w.run();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(resident)

BOOST_AUTO_TEST_CASE(a_waiting_instance_takes_little_more_than_two_kilobytes) {
  const auto waiting = by_each(approval);
  BOOST_TEST(waiting.memory > 1'000);
  BOOST_TEST(waiting.memory < 2'300);
}

BOOST_AUTO_TEST_CASE(the_nodes_figure_of_resident_memory_is_true_within_a_tenth) {
  const struct {
    const char* what;
    taken is;
  } kinds[] = {
      {"an event against a timer", by_each(approval)},
      {"a timer",
       by_each([](world& w, const auto& id) { w.start(nap.as(id, number{86'400}).what()); })},
      {"twenty events, and one more", by_each(collector)},
      {"read again from its records", by_each(collector, come_back)},
      {"an actor", by_each([](world& w, const auto& id) { w.get(add(id, number{1})); })},
  };
  for (const auto& kind : kinds)
    BOOST_TEST_CONTEXT(kind.what << ": " << kind.is.memory << " bytes") {
      BOOST_TEST(kind.is.said > kind.is.memory * 0.9);
      BOOST_TEST(kind.is.said < kind.is.memory * 1.1);
    }
}

BOOST_AUTO_TEST_SUITE_END()
