#include "gateway/observe/request_metrics.hpp"

#include <algorithm>

#include "actors/limits.hpp"

namespace reprise::gateway {

void request_row::add(unsigned status, std::chrono::nanoseconds took) noexcept {
  const auto us = std::chrono::duration_cast<std::chrono::microseconds>(took).count();
  const auto bucket = std::lower_bound(bounds.begin(), bounds.end(), us) - bounds.begin();
  by_class_[std::min(status / 100, 5u)].fetch_add(1, std::memory_order_relaxed);
  buckets_[static_cast<std::size_t>(bucket)].fetch_add(1, std::memory_order_relaxed);
  sum_.fetch_add(took.count(), std::memory_order_relaxed);
}

request_metrics::request_metrics(const bindings& app) {
  for (const auto route : route_names) rows_[{route, {}, {}}];
  for (const auto& [type, actor] : app.actors())
    for (const auto& operation : actor.operations) rows_[{"actor.call", type, operation.name}];
  for (const auto& [name, bound] : app.orchestrations())
    rows_[{"instance.start", orchestration_name(name).base, {}}];
}

request_row& request_metrics::row_of(const route_kind& kind) {
  const auto exact = rows_.find({kind.name, kind.type, kind.operation});
  if (exact != rows_.end()) return exact->second;
  const auto any = rows_.find({kind.name, {}, {}});
  return any != rows_.end() ? any->second : rows_[{"other", {}, {}}];
}

}  // namespace reprise::gateway
