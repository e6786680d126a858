#include "examples/monitor/monitor.hpp"

#include <chrono>

#include "examples/checked.hpp"
#include "examples/ledger.hpp"

namespace examples::monitor {
namespace {

reprise::result<std::string> take_a_look(std::uint32_t round, reprise::attempt_context& here) {
  note("monitor.look", here);
  return "round " + std::to_string(round) + ": all is well";
}

// One round per generation, so the history does not grow.
reprise::task<Report> run_monitor(reprise::value<Watch> watch) {
  const auto round = sum(watch->getDone(), 1);
  if (!round) co_return reprise::reject("there is no round after that many");
  const auto done = *round;
  auto seen = co_await look(done);
  co_await reprise::set_status(seen);
  if (done >= watch->getRounds())
    co_return reprise::make<Report>([&](auto out) { out.setRounds(done); });
  co_await reprise::sleep(std::chrono::seconds(watch->getIntervalSeconds()));
  auto next = reprise::make<Watch>([&](auto in) {
    in.setIntervalSeconds(watch->getIntervalSeconds());
    in.setRounds(watch->getRounds());
    in.setDone(done);
  });
  co_await reprise::continue_as_new(next);
  co_return reprise::fail("not reached");
}

}  // namespace

void bind(reprise::application& app) { app.bind(look, take_a_look).bind(monitor, run_monitor); }

}  // namespace examples::monitor
