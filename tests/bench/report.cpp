#include "tests/bench/report.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <utility>

namespace reprise::bench {
namespace {

// Nearest rank, as the anchors do it.
double at(const std::vector<float>& sorted, double fraction) {
  if (sorted.empty()) return 0;
  const auto rank = static_cast<std::size_t>(std::ceil(fraction * double(sorted.size())));
  return sorted[std::clamp<std::size_t>(rank, 1, sorted.size()) - 1];
}

std::string verdict(const row& r) {
  if (r.kept) return *r.kept ? "kept" : "MISSED";
  if (r.bound == 0 || r.anchor_per_second == 0) return "";
  char text[64];
  std::snprintf(text, sizeof text, "%.3f (asked %.2f) %s", r.ratio(), r.bound,
                r.ratio() >= r.bound ? "kept" : "MISSED");
  return text;
}

}  // namespace

quantiles quantiles_of(std::vector<float>& samples) {
  std::sort(samples.begin(), samples.end());
  return {at(samples, 0.5), at(samples, 0.99), at(samples, 0.999)};
}

void report::add(row r) {
  std::printf(
      "{\"row\":\"%s\",\"ops_per_s\":%.0f,\"p50_us\":%.1f,\"p99_us\":%.1f,\"p999_us\":%.1f,"
      "\"seconds\":%.1f",
      r.name.c_str(), r.per_second, r.micros.p50, r.micros.p99, r.micros.p999, r.seconds);
  if (r.folds) std::printf(",\"folds\":%u", *r.folds);
  if (r.anchor_callers != 0)
    std::printf(
        ",\"anchor\":\"group_commit, %zu callers\",\"anchor_ops_per_s\":%.0f,\"ratio\":%.4f,"
        "\"asked\":%.3f",
        r.anchor_callers, r.anchor_per_second, r.ratio(), r.bound);
  if (r.kept) std::printf(",\"kept\":%s", *r.kept ? "true" : "false");
  if (!r.remark.empty()) std::printf(",\"remark\":\"%s\"", r.remark.c_str());
  std::printf("}\n");
  std::fflush(stdout);
  rows_.push_back(std::move(r));
}

void report::print_table() const {
  std::printf("\n%-46s %10s %9s %9s %9s %6s %6s  %s\n", "row", "per second", "p50 us", "p99 us",
              "p99.9 us", "s", "folds", "against its anchor");
  for (const auto& r : rows_)
    std::printf("%-46s %10.0f %9.0f %9.0f %9.0f %6.1f %6s  %s%s%s\n", r.name.c_str(), r.per_second,
                r.micros.p50, r.micros.p99, r.micros.p999, r.seconds,
                r.folds ? std::to_string(*r.folds).c_str() : "", verdict(r).c_str(),
                r.remark.empty() ? "" : "  ", r.remark.c_str());
}

}  // namespace reprise::bench
