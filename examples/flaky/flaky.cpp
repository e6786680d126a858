#include "examples/flaky/flaky.hpp"

#include <chrono>
#include <string>

#include "examples/ledger.hpp"

namespace examples::flaky {
namespace {

using namespace std::chrono_literals;

reprise::result<> stumble_then_stand(Plan::Reader plan, Report::Builder report,
                                     reprise::attempt_context& here) {
  note("stumble", here);
  if (here.attempt() <= plan.getFailures())
    return reprise::fail("attempt " + std::to_string(here.attempt()) + " failed as planned");
  report.setAttempts(here.attempt());
  return reprise::done;
}

reprise::task<Report> run_flaky(reprise::value<Plan> plan) {
  const reprise::retry policy{.attempts = plan->getAttempts(), .first = 100ms, .max = 1s};
  auto report = co_await stumble(plan).with(policy);
  co_return report;
}

}  // namespace

void bind(reprise::application& app) {
  app.bind(stumble, stumble_then_stand).bind(flaky, run_flaky);
}

}  // namespace examples::flaky
