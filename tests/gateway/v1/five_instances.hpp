// The data of the tests of lists: two instances that have completed, one that failed, one that
// waits and one that is suspended.

#pragma once

#include <boost/test/unit_test.hpp>
#include <regex>
#include <string>

#include "tests/gateway/served.hpp"

namespace reprise::gateway_test {

struct five_instances : served {
  five_instances() {
    ask("POST", df("/orchestrators/echo/a-1"), R"({"n": 1})");
    ask("POST", df("/orchestrators/echo/a-2"), "2");
    ask("POST", df("/orchestrators/doomed/a-3"), "\"no luck\"");
    ask("POST", df("/orchestrators/approve/b-1"));
    ask("POST", df("/orchestrators/approve/b-2"));
    begun("b-1");
    begun("b-2");
    ask("POST", df("/instances/b-2/suspend"));
    BOOST_TEST_REQUIRE((ended("a-1") == instance_state::completed));
    BOOST_TEST_REQUIRE((ended("a-2") == instance_state::completed));
    BOOST_TEST_REQUIRE((ended("a-3") == instance_state::failed));
  }
};

// Returns all values of a text member in a body, in order, joined by blanks.
inline std::string words_of(const std::string& body, const std::string& member) {
  const std::regex word("\"" + member + "\":\"([^\"]*)\"");
  std::string all;
  for (std::sregex_iterator at(body.begin(), body.end(), word), end; at != end; ++at)
    all += (all.empty() ? "" : " ") + (*at)[1].str();
  return all;
}

}  // namespace reprise::gateway_test
