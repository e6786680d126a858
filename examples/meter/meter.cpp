#include "examples/meter/meter.hpp"

namespace examples::meter {
namespace {

constexpr std::uint32_t of_a_generation = 3;

reprise::task<Total> run_meter(reprise::value<Count> before) {
  auto done = before->getDone();
  auto sum = before->getSum();
  const auto readings = before->getReadings();
  for (std::uint32_t taken = 0; taken < of_a_generation && done < readings; ++taken, ++done) {
    auto next = co_await reading();
    sum += *next;
  }
  if (done >= readings) co_return reprise::make<Total>([&](auto out) { out.setSum(sum); });
  auto so_far = reprise::make<Count>([&](auto in) {
    in.setReadings(readings);
    in.setDone(done);
    in.setSum(sum);
  });
  co_await reprise::continue_as_new(so_far);
  co_return reprise::fail("not reached");
}

}  // namespace

void bind(reprise::application& app) { app.bind(reading).bind(meter, run_meter); }

}  // namespace examples::meter
