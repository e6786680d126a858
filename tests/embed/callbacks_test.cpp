// What node.hpp says of a callback that throws on a thread of the node: it ends the process. A thread that
// died of it alone would leave a node that hangs.

#include <csignal>
#include <string>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "tests/gateway/process.hpp"

using reprise::gateway_test::process;

BOOST_AUTO_TEST_SUITE(callbacks_of_a_node)

BOOST_DATA_TEST_CASE(a_callback_that_throws_ends_the_process,
                     boost::unit_test::data::make({"ask", "start", "raise", "suspend", "wait",
                                                   "watch"}),
                     way) {
  process service({REPRISE_THROWING_PROGRAM, way});
  BOOST_TEST(service.line() == "throws");
  BOOST_TEST(service.end() == 1000 + SIGABRT);
}

BOOST_AUTO_TEST_SUITE_END()
