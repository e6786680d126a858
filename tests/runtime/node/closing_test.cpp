// A node is closed while its last group is on the way to the disk, and once more after that.

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <memory>
#include <thread>

#include "runtime/node/engine.hpp"
#include "tests/runtime/commit/failing_node.hpp"
#include "tests/support/parts.hpp"

using namespace reprise;
using namespace reprise::testing;
using persistence::errc;
using runtime::engine_state;

BOOST_AUTO_TEST_SUITE(closing)

// The group fails when the node is closed already: it is not opened again by that.
BOOST_AUTO_TEST_CASE(a_last_group_that_fails_leaves_a_closed_node_closed) {
  for (const auto code : {errc::not_written, errc::unknown}) {
    failing_node n(std::make_shared<persistence::memory_disk>());
    std::atomic<bool> held{false};
    const auto until_closed = [&](std::uint64_t commit) {
      if (commit != 2) return;
      held = true;
      while (n.engine().state() != engine_state::closed) std::this_thread::yield();
    };
    BOOST_REQUIRE(n.open(parts::bound(), {.code = code, .first = 2}, until_closed));
    BOOST_REQUIRE(static_cast<bool>(n.at().ask(parts::add("t", parts::number{1})).get()));
    const auto last = n.at().ask(parts::add("t", parts::number{1}));
    while (!held) std::this_thread::yield();
    n.at().close();
    BOOST_TEST((n.engine().state() == engine_state::closed));
    n.at().close();
    BOOST_TEST(n.store().misuses() == 0u);
    BOOST_TEST(!static_cast<bool>(last.get()));
  }
}

BOOST_AUTO_TEST_SUITE_END()
