#include "tests/bench/application.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <utility>

#include "examples/application.hpp"

namespace reprise::bench {

observations observed;

void observations::add(float micros) {
  std::lock_guard lock(mutex_);
  micros_.push_back(micros);
}

std::vector<float> observations::take() {
  std::lock_guard lock(mutex_);
  return std::exchange(micros_, {});
}

namespace {

constexpr unsigned sample_every = 16;  // as caf_hop does: reading the clock is not free
constexpr std::size_t parcel_bytes = 1024;

std::uint64_t steady_nanoseconds() {
  return static_cast<std::uint64_t>(
      std::chrono::nanoseconds(std::chrono::steady_clock::now().time_since_epoch()).count());
}

value<Parcel> parcel(std::uint64_t sent) {
  return make<Parcel>([&](auto out) {
    out.setSent(sent);
    std::fill_n(out.initBytes(parcel_bytes).begin(), parcel_bytes, kj::byte{0x5a});
  });
}

struct hopper {
  unsigned taken = 0;

  result<> take(value<Parcel> in, turn& here) {
    if (in->getSent() != 0)
      observed.add(float(double(steady_nanoseconds() - in->getSent()) / 1000));
    if (!observed.playing.load(std::memory_order_relaxed)) return done;
    auto peer = here.key();
    peer[0] = peer[0] == 'a' ? 'b' : 'a';
    if (++taken % sample_every != 0) {
      here.tell(hop(std::move(peer), in->getSent() == 0 ? in : plain_parcel()));
      return done;
    }
    observed.hops.fetch_add(sample_every, std::memory_order_relaxed);
    here.tell(hop(std::move(peer), parcel(steady_nanoseconds())));
    return done;
  }
};

struct winder {
  result<> wind_up(const std::vector<std::int64_t>& plan, turn& here) {
    for (std::int64_t i = 0; i < plan[1]; ++i) {
      const auto due = plan[2] + i * plan[3];
      here.tell(ring("t" + std::to_string(plan[0] + i), due), time_point(duration(due)));
    }
    return done;
  }
};

struct bell {
  state<std::int64_t> rings;

  result<> strike(std::int64_t due) {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    if (due != 0) observed.add(float(double(duration(now).count() - due) / 1000));
    observed.rung.fetch_add(1, std::memory_order_relaxed);
    ++rings.edit();
    return done;
  }
};

result<std::int64_t> plus_one(std::int64_t n) { return n + 1; }

task<std::int64_t> run_five() {
  std::int64_t n = 0;
  for (int i = 0; i < 5; ++i) n = *co_await next_number(n);
  co_return n;
}

task<std::int64_t> run_five_early() {
  std::int64_t n = 0;
  for (int i = 0; i < 5; ++i) n = *co_await next_number_early(n);
  co_return n;
}

task<std::int64_t> run_sum_up(std::int64_t sum) {
  for (int i = 0; i < 10'000; ++i) {
    auto n = co_await more();
    if (*n < 0) co_return sum;
    sum += *n;
  }
  co_await continue_as_new(sum);
  co_return sum;
}

task<std::int64_t> run_remember(std::int64_t sum) {
  for (;;) {
    auto n = co_await more();
    if (*n < 0) co_return sum;
    sum += *n;
  }
}

}  // namespace

const value<Parcel>& plain_parcel() {
  static const value<Parcel> one = parcel(0);
  return one;
}

application bench_application() {
  auto app = examples::application();
  app.bind(hop, &hopper::take)
      .bind(wind, &winder::wind_up)
      .bind(ring, &bell::strike)
      .bind(next_number, plus_one)
      .bind(next_number_early, plus_one, speculative)
      .bind(five, run_five)
      .bind(five_early, run_five_early)
      .bind(more)
      .bind(sum_up, run_sum_up)
      .bind(remember, run_remember);
  return app;
}

}  // namespace reprise::bench
