#include "examples/fan_out/fan_out.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "examples/ledger.hpp"

namespace examples::fan_out {
namespace {

reprise::result<std::uint32_t> compute_term(std::uint32_t n, reprise::attempt_context& here) {
  note("fan_out.term", here);
  return n;
}

// All at once: a call is a value, so a batch of calls is a vector.
reprise::task<std::uint64_t> sum_at_once(std::uint32_t count) {
  std::vector<reprise::call<std::uint32_t>> calls;
  for (std::uint32_t n = 0; n < count; ++n) calls.push_back(term(n));
  auto terms = co_await reprise::all(std::move(calls));
  std::uint64_t sum = 0;
  for (const auto& each : terms) sum += *each;
  co_return sum;
}

// At most `window` at a time: whenever one is done, the next starts.
reprise::task<std::uint64_t> sum_by_window(std::uint32_t count, std::uint32_t window) {
  std::vector<reprise::pending<std::uint32_t>> running;
  std::uint64_t sum = 0;
  for (std::uint32_t n = 0; n < count || !running.empty();) {
    if (n < count && running.size() < window) {
      running.push_back(co_await reprise::begin(term(n++)));
      continue;
    }
    auto index = co_await reprise::next(running);
    auto done = co_await std::move(running[index]);
    running.erase(running.begin() + static_cast<std::ptrdiff_t>(index));
    sum += *done;
  }
  co_return sum;
}

reprise::task<Total> run_fan_out(reprise::value<Job> job) {
  const auto count = job->getCount();
  const auto window = job->getWindow();
  if (count > max_count) co_return reprise::reject("count is at most " + std::to_string(max_count));
  auto sum = window == 0 ? sum_at_once(count) : sum_by_window(count, window);
  auto total = co_await std::move(sum);
  co_return reprise::make<Total>([&](auto out) { out.setSum(*total); });
}

}  // namespace

void bind(reprise::application& app) { app.bind(term, compute_term).bind(fan_out, run_fan_out); }

}  // namespace examples::fan_out
