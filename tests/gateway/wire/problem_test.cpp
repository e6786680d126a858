#include <utility>

#include <boost/test/unit_test.hpp>

#include "gateway/json/json_in.hpp"
#include "gateway/wire/problem.hpp"

namespace {
using namespace reprise;
using namespace reprise::gateway;
}  // namespace

BOOST_AUTO_TEST_SUITE(problems)

BOOST_AUTO_TEST_CASE(each_cause_has_its_status) {
  const std::pair<cause, unsigned> table[] = {
      {cause::rejected, 409},        {cause::failed, 500},
      {cause::timed_out, 504},       {cause::unbound, 404},
      {cause::cancelled, 409},       {cause::terminated, 409},
      {cause::not_found, 404},       {cause::gone, 410},
      {cause::exists, 409},          {cause::invalid, 400},
      {cause::mismatch, 422},        {cause::limit, 422},
      {cause::overloaded, 503},      {cause::unavailable, 503},
      {cause::unknown_outcome, 500}, {cause::storage_full, 507},
      {cause::corrupt, 500},         {cause::poison, 500},
      {cause::diverged, 500},        {cause::precondition_failed, 412},
      {cause::nothing_undone, 409},
  };
  for (const auto& [why, status] : table) {
    const auto answer = problem(failure{why, "a \"reason\"", false});
    BOOST_TEST(answer.status == status, to_string(why));
    BOOST_TEST(json_member(answer.body, "code") == to_string(why));
    BOOST_TEST(json_member(answer.body, "detail") == "a \"reason\"");
    const bool retry = status == 503 || status == 507;
    BOOST_TEST(answer.fields.size() == (retry ? 1u : 0u), to_string(why));
    BOOST_TEST(json_member(message(failure{why, "m", false}).body, "Message") == "m");
  }
}

BOOST_AUTO_TEST_SUITE_END()
