#include "examples/meter/meter.hpp"

#include "examples/checked.hpp"

namespace examples::meter {
namespace {

constexpr std::uint32_t of_a_generation = 3;

reprise::task<Total> run_meter(reprise::value<Count> before) {
  auto done = before->getDone();
  auto total = before->getSum();
  const auto readings = before->getReadings();
  for (std::uint32_t taken = 0; taken < of_a_generation && done < readings; ++taken, ++done) {
    auto next = co_await reading();
    const auto more = sum(total, *next);
    if (!more) co_return reprise::reject("the sum of the readings does not fit in 64 bits");
    total = *more;
  }
  if (done >= readings) co_return reprise::make<Total>([&](auto out) { out.setSum(total); });
  auto so_far = reprise::make<Count>([&](auto in) {
    in.setReadings(readings);
    in.setDone(done);
    in.setSum(total);
  });
  co_await reprise::continue_as_new(so_far);
  co_return reprise::fail("not reached");
}

}  // namespace

void bind(reprise::application& app) { app.bind(reading).bind(meter, run_meter); }

}  // namespace examples::meter
