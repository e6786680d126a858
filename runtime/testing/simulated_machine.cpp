#include "runtime/testing/simulated_machine.hpp"

#include <stdexcept>

#include "actors/actor/text.hpp"
#include "runtime/message/keyed_hash.hpp"
#include "runtime/node/schema_check.hpp"

namespace reprise::runtime {

simulated_machine::simulated_machine(std::uint64_t seed)
    : seed_(seed), now_(std::chrono::sys_days(std::chrono::year(2026) / 11 / 23)) {}

void simulated_machine::open(application app, std::unique_ptr<persistence::store> store,
                             engine_options o) {
  if (node_) throw std::logic_error("the process runs already");
  auto executor = std::make_unique<simulated_executor>(seed_ + 7919 * opens_++, now_);
  const auto runs = executor.get();
  persistence::batch first;
  auto secret = folder_secret([&](const auto& request) { return store->read(request); },
                              // Constant, so that a run can be repeated.
                              "16 known letters", first);
  if (!secret) throw std::runtime_error(secret.error().text);
  if (const auto fits = check_schemas(*store, app, {}, std::move(first)); !fits)
    throw std::runtime_error(fits.error().text);
  o.secret = std::move(*secret);
  if (o.pools.empty()) o.pools = {{"io", 4}, {"cpu", 2}};
  o.nonce = opens_;
  auto opened = internal::node_access::open(std::make_unique<engine>(
      std::move(app), std::move(store), std::move(executor), std::move(o)));
  if (!opened) throw std::runtime_error(opened.error().text);
  node_ = std::move(*opened);
  executor_ = runs;
}

void simulated_machine::crash() {
  if (!node_) return;
  now_ = executor_->now();
  internal::node_access::crash(std::move(node_));
  node_.reset();
  executor_ = nullptr;
}

void simulated_machine::close() {
  now_ = executor_->now();
  node_->close();
  node_.reset();
  executor_ = nullptr;
}

node& simulated_machine::at() {
  if (!node_) throw std::logic_error("no process runs");
  return *node_;
}

bool simulated_machine::step() {
  if (!executor_->step()) return false;
  if (after_step_) after_step_();
  return true;
}

void simulated_machine::run() {
  while (step()) {
  }
}

void simulated_machine::clock(time_point t) {
  now_ = t;
  if (executor_) executor_->clock(t);
}

bool simulated_machine::run_until(const std::function<bool()>& until, duration limit) {
  const auto end = internal::later(executor_->now(), limit);
  for (;;) {
    run();
    if (until()) return true;
    if (!executor_->alarm() || *executor_->alarm() > end) return false;
    executor_->advance_to_alarm();
  }
}

}  // namespace reprise::runtime
