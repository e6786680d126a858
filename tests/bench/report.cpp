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

const char* name_of(figure f) {
  constexpr const char* names[] = {"per second", "p50", "p99", "value"};
  return names[static_cast<std::size_t>(f)];
}

std::string verdict(const row& r) {
  if (r.kept) return *r.kept ? "kept" : "MISSED";
  if (r.at_least == 0) return "";
  if (!r.anchor.program.empty() && r.anchor_figure == 0) return "anchor not run";
  char text[128];
  std::snprintf(text, sizeof text, "%.3f%s%s (%s %.4g, aim %.4g) %s", r.score(),
                r.anchor_figure > 0 || r.unit.empty() ? "" : " ",
                r.anchor_figure > 0 ? "" : r.unit.c_str(),
                r.compared == figure::per_second ? "at least" : "at most", r.at_least, r.aim,
                r.reaches(r.aim)        ? "kept, and the aim"
                : r.reaches(r.at_least) ? "kept"
                                        : "MISSED");
  return text;
}

// Operations that shared one flush.
std::string per_flush(const row& r) {
  if (!r.flushes || *r.flushes == 0) return "";
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", r.per_second * r.seconds / double(*r.flushes));
  return text;
}

}  // namespace

quantiles quantiles_of(std::vector<float>& samples) {
  std::sort(samples.begin(), samples.end());
  return {at(samples, 0.5), at(samples, 0.99), at(samples, 0.999)};
}

anchor_choice group_commit(std::size_t callers) {
  return {"group_commit", "\"callers\":" + std::to_string(callers) + ","};
}

double row::measured() const {
  switch (compared) {
    case figure::per_second:
      return per_second;
    case figure::p50:
      return micros.p50;
    case figure::p99:
      return micros.p99;
    case figure::value:
      break;
  }
  return value;
}

// What measured nothing reaches nothing: a latency of no samples is 0.
bool row::reaches(double bar) const {
  if (measured() <= 0) return false;
  return compared == figure::per_second ? score() >= bar : score() <= bar;
}

void report::add(row r) {
  std::printf(
      "{\"row\":\"%s\",\"ops_per_s\":%.0f,\"p50_us\":%.1f,\"p99_us\":%.1f,\"p999_us\":%.1f,"
      "\"seconds\":%.1f",
      r.name.c_str(), r.per_second, r.micros.p50, r.micros.p99, r.micros.p999, r.seconds);
  if (r.folds) std::printf(",\"folds\":%u", *r.folds);
  if (r.flushes) std::printf(",\"flushes\":%llu", static_cast<unsigned long long>(*r.flushes));
  if (r.compared == figure::value)
    std::printf(",\"value\":%.4f,\"unit\":\"%s\"", r.value, r.unit.c_str());
  if (r.anchor_figure > 0)
    std::printf(",\"anchor\":\"%s\",\"compared\":\"%s\",\"anchor_figure\":%.2f,\"ratio\":%.4f",
                r.anchor.program.c_str(), name_of(r.compared), r.anchor_figure, r.score());
  if (r.at_least != 0)
    std::printf(",\"at_least\":%.4g,\"aim\":%.4g,\"kept\":%s", r.at_least, r.aim,
                r.reaches(r.at_least) ? "true" : "false");
  if (r.kept) std::printf(",\"kept\":%s", *r.kept ? "true" : "false");
  if (!r.remark.empty()) std::printf(",\"remark\":\"%s\"", r.remark.c_str());
  std::printf("}\n");
  std::fflush(stdout);
  rows_.push_back(std::move(r));
}

void report::print_table() const {
  std::printf("\n%-52s %10s %9s %9s %9s %6s %6s %9s  %s\n", "row", "per second", "p50 us", "p99 us",
              "p99.9 us", "s", "folds", "per flush", "against its bar");
  for (const auto& r : rows_)
    std::printf("%-52s %10.0f %9.0f %9.0f %9.0f %6.1f %6s %9s  %s%s%s\n", r.name.c_str(),
                r.per_second, r.micros.p50, r.micros.p99, r.micros.p999, r.seconds,
                r.folds ? std::to_string(*r.folds).c_str() : "", per_flush(r).c_str(),
                verdict(r).c_str(), r.remark.empty() ? "" : "  ", r.remark.c_str());
}

}  // namespace reprise::bench
