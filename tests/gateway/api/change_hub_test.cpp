#include "gateway/api/change_hub.hpp"

#include <atomic>
#include <future>
#include <string>

#include <boost/test/unit_test.hpp>

#include "tests/gateway/served.hpp"

namespace {

using namespace reprise;
using namespace reprise::gateway_test;

void start(served& s, const std::string& id) {
  s.post_json("/v1/orchestrations/echo?id=" + id, "1");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(change_hubs)

BOOST_AUTO_TEST_CASE(a_waiter_for_an_instance_hears_of_that_instance_once) {
  served s;
  std::atomic<int> of_a = 0, of_b = 0;
  std::promise<void> changed, changed_too;
  gateway::change_hub hub(s.on());
  hub.when_changed("a", [&] {
    ++of_a;
    changed.set_value();
  });
  hub.when_changed("b", [&] { ++of_b; });
  start(s, "a");
  changed.get_future().get();
  s.ended("a");  // further changes
  hub.when_changed("a", [&] { changed_too.set_value(); });
  s.post_json("/v1/instances/a/restart", R"({"id":"a"})");
  changed_too.get_future().get();
  BOOST_TEST(of_a == 1);
  BOOST_TEST(of_b == 0);
}

BOOST_AUTO_TEST_CASE(a_waiter_that_is_forgotten_or_comes_after_the_end_hears_nothing) {
  served s;
  std::atomic<int> heard = 0;
  std::promise<void> changed;
  {
    gateway::change_hub hub(s.on());
    const auto forgotten = hub.when_changed("a", [&] { ++heard; });
    hub.when_changed("a", [&] { changed.set_value(); });
    hub.forget_change("a", forgotten);
    hub.forget_change("nobody", forgotten);
    start(s, "a");
    changed.get_future().get();
    hub.when_changed("b", [&] { ++heard; });
    hub.close();
    BOOST_TEST(hub.when_changed("b", [&] { ++heard; }) == 0u);
    start(s, "b");
    s.ended("b");
  }
  BOOST_TEST(heard == 0);
}

BOOST_AUTO_TEST_SUITE_END()
