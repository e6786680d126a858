// Random worlds: REPRISE_SECONDS says for how long, REPRISE_SEED plays one of them again.

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <cstdlib>
#include <iostream>

#include "tests/runtime/testing/random_story.hpp"

using namespace reprise::testing;

namespace {

std::uint64_t number_from(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text && *text ? std::strtoull(text, nullptr, 10) : otherwise;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(random_world, *boost::unit_test::label("random"))

BOOST_AUTO_TEST_CASE(a_random_story_keeps_its_books_balanced) {
  const auto only = number_from("REPRISE_SEED", 0);
  const auto begin = std::chrono::steady_clock::now();
  const auto until = begin + std::chrono::seconds(number_from("REPRISE_SECONDS", 10));
  const auto first = only ? only
                          : number_from("REPRISE_FIRST_SEED",
                                        static_cast<std::uint64_t>(std::time(nullptr)) * 1'000);
  story_end all;
  std::uint64_t rounds = 0;
  for (auto seed = first;; ++seed) {
    const auto end = random_story(seed);
    ++rounds;
    all.requests += end.requests;
    all.deaths += end.deaths;
    all.stalls += end.stalls;
    for (const auto& wrong : end.wrong) BOOST_ERROR("REPRISE_SEED=" << seed << ": " << wrong);
    if (only || std::chrono::steady_clock::now() >= until || !end.wrong.empty()) break;
  }
  std::cout << "random world: " << rounds << " rounds from seed " << first << ", " << all.requests
            << " requests, " << all.deaths << " deaths, " << all.stalls << " stalls\n";
}

BOOST_AUTO_TEST_CASE(a_random_story_is_the_same_for_the_same_seed) {
  for (std::uint64_t seed : {4, 5}) BOOST_TEST((random_story(seed) == random_story(seed)));
}

BOOST_AUTO_TEST_SUITE_END()
