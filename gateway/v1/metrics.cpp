#include "gateway/v1/metrics.hpp"

#include <prometheus/text_serializer.h>

#include <utility>
#include <vector>

#include "gateway/observe/otlp_exporter.hpp"
#include "gateway/observe/request_metrics.hpp"
#include "gateway/server/connection_stats.hpp"
#include "gateway/v1/devices.hpp"
#include "gateway/wire/problem.hpp"
#include "persistence/probe.hpp"

namespace reprise::gateway {

namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;
using labels = std::vector<ClientMetric::Label>;

// Collects metric families and prints them.
class metric_page {
 public:
  // Starts a family: the next metrics belong to it.
  void family(const char* name, MetricType type, const char* help) {
    families_.push_back({name, help, type, {}});
  }
  // Adds a counter or a gauge, as the family's type says.
  void number(double value, labels of = {}) {
    auto& one = metric(std::move(of));
    if (families_.back().type == MetricType::Counter) one.counter.value = value;
    if (families_.back().type == MetricType::Gauge) one.gauge.value = value;
  }
  ClientMetric& metric(labels of) {
    auto& one = families_.back().metric.emplace_back();
    one.label = std::move(of);
    return one;
  }
  void counter(const char* name, std::uint64_t value, const char* help) {
    family(name, MetricType::Counter, help);
    number(static_cast<double>(value));
  }
  void gauge(const char* name, double value, const char* help) {
    family(name, MetricType::Gauge, help);
    number(value);
  }
  std::string text() const { return prometheus::TextSerializer().Serialize(families_); }

 private:
  std::vector<MetricFamily> families_;
};

labels labels_of(const request_metrics::row_name& name) {
  labels all{{"route", std::string(name.route)}};
  if (!name.type.empty()) all.push_back({"type", std::string(name.type)});
  if (!name.operation.empty()) all.push_back({"operation", std::string(name.operation)});
  return all;
}

void add_histogram(metric_page& page, const request_metrics::row_name& name,
                   const request_row& row) {
  ClientMetric::Histogram all;
  for (std::size_t i = 0; i <= row.bounds.size(); ++i) {
    all.sample_count += row.in_bucket(i);
    if (i == row.bounds.size()) break;
    all.bucket.push_back({all.sample_count, static_cast<double>(row.bounds[i]) / 1e6});
  }
  if (all.sample_count == 0) return;
  all.sample_sum = row.seconds();
  page.metric(labels_of(name)).histogram = std::move(all);
}

void add_requests(metric_page& page, const request_metrics& figures) {
  page.family("reprise_http_requests_total", MetricType::Counter, "Requests answered, by status");
  for (const auto& [name, row] : figures.rows())
    for (unsigned hundreds = 1; hundreds <= 5; ++hundreds) {
      const auto count = row.of_class(hundreds);
      if (count == 0) continue;
      auto of = labels_of(name);
      of.push_back({"status", std::to_string(hundreds) + "xx"});
      page.number(static_cast<double>(count), std::move(of));
    }
  page.family("reprise_http_request_seconds", MetricType::Histogram,
              "From the whole request to its answer; waiting on purpose counts");
  for (const auto& [name, row] : figures.rows()) add_histogram(page, name, row);
  page.gauge("reprise_http_requests_in_flight", static_cast<double>(figures.in_flight.load()),
             "Requests without an answer");
}

void add_traffic(metric_page& page, const connection_stats& seen) {
  page.gauge("reprise_http_connections", static_cast<double>(seen.open.load()),
             "Connections that are open");
  page.counter("reprise_http_connections_total", seen.accepted.load(), "Connections served");
  page.family("reprise_http_refused_total", MetricType::Counter,
              "Requests and connections that were refused, by reason");
  for (std::size_t i = 0; i < refusals::words.size(); ++i)
    page.number(static_cast<double>(seen.refused.count(i)),
                {{"reason", std::string(refusals::words[i])}});
}

void add_log(metric_page& page, const node_figures& now) {
  page.counter("reprise_log_groups_total", now.groups, "Groups that the commit log made durable");
  page.counter("reprise_log_transitions_total", now.transitions, "Transitions in them");
  page.counter("reprise_log_written_bytes_total", now.bytes, "Bytes of their writes");
  page.family("reprise_log_commit_seconds", MetricType::Summary, "Writing and flushing one group");
  auto& took = page.metric({}).summary;
  took.sample_count = now.groups;
  took.sample_sum = std::chrono::duration<double>(now.committing).count();
  page.gauge("reprise_horizon_lag", static_cast<double>(now.behind_horizon),
             "Transitions that happened and are not durable yet");
  page.gauge("reprise_log_unfolded_bytes", static_cast<double>(now.log_bytes),
             "Bytes of the log that are not in the tables yet");
  page.gauge("reprise_overlay_bytes", static_cast<double>(now.overlay_bytes),
             "Memory that holds what is in them");
  page.gauge("reprise_disk_behind", now.must_wait ? 1 : 0,
             "1 while turns wait for the disk or for room on it");
  page.gauge("reprise_disk_full", now.full ? 1 : 0, "1 while there is no room on the disk");
}

void add_sweeps(metric_page& page, const std::vector<sweep_figures>& sweeps) {
  page.family("reprise_swept_total", MetricType::Counter,
              "Records that were let go of because they had grown old, by sweep");
  for (const auto& one : sweeps) page.number(static_cast<double>(one.gone), {{"sweep", one.name}});
  page.family("reprise_sweep_overdue_seconds", MetricType::Gauge,
              "By how much the oldest record that a sweep has seen is late to go");
  for (const auto& one : sweeps)
    page.number(std::chrono::duration<double>(one.overdue).count(), {{"sweep", one.name}});
}

void add_devices(metric_page& page) {
  const auto all = devices();
  const auto of = [](const device& one) {
    return labels{{"device", one.name}, {"kind", one.kind}};
  };
  page.family("reprise_device_threads", MetricType::Gauge, "Threads that a device runs at a time");
  for (const auto& one : all) page.number(one.threads, of(one));
  page.family("reprise_device_memory_bytes", MetricType::Gauge, "Memory of a device");
  for (const auto& one : all) page.number(static_cast<double>(one.memory), of(one));
}

void add_pools(metric_page& page, const std::vector<pool_status>& pools) {
  const auto each = [&](const char* name, const char* help, std::size_t pool_status::*value) {
    page.family(name, MetricType::Gauge, help);
    for (const auto& one : pools)
      page.number(static_cast<double>(one.*value), {{"pool", one.name}});
  };
  each("reprise_pool_threads", "Threads that may run activities", &pool_status::threads);
  each("reprise_pool_busy", "Threads that run one", &pool_status::busy);
  each("reprise_pool_waiting", "Activities without a thread", &pool_status::waiting);
  each("reprise_pool_lost", "Threads that a cancelled activity keeps", &pool_status::lost);
}

void add_dropped(metric_page& page, const request_logs& logs) {
  if (logs.access == nullptr && logs.audit == nullptr) return;
  page.family("reprise_log_lines_dropped_total", MetricType::Counter,
              "Lines that the access or the audit log lost");
  const auto each = [&](const char* name, const std::shared_ptr<line_log>& log) {
    if (log != nullptr) page.number(static_cast<double>(log->dropped()), {{"log", name}});
  };
  each("access", logs.access);
  each("audit", logs.audit);
}

void add_spans(metric_page& page, const otlp_exporter& spans) {
  page.counter("reprise_spans_exported_total", spans.exported(),
               "Spans that the collector of traces took");
  page.counter("reprise_spans_dropped_total", spans.dropped(),
               "Spans that were lost: too many waited, or the collector did not take them");
}

// `dead_letters`: their number; 100 means 100 or more.
std::string metrics_text(const server_context& server, std::size_t dead_letters) {
  auto& on = server.on;
  const auto& options = server.options;
  metric_page page;
  add_requests(page, *server.figures);
  add_traffic(page, *options.seen);
  const auto now = on.operate().figures();
  add_log(page, now);
  page.gauge("reprise_ready", on.state() == node_state::ready ? 1 : 0,
             "1 while the node takes work");
  page.gauge("reprise_resident", static_cast<double>(now.resident),
             "Actors and instances in memory");
  page.gauge("reprise_resident_bytes", static_cast<double>(now.resident_bytes),
             "Memory that they take, as they estimate it");
  page.gauge("reprise_timers_resident", static_cast<double>(now.timers),
             "Timers in memory: those that are due within minutes");
  page.counter("reprise_passivated_total", now.passivated, "Actors and instances that left memory");
  if (!options.data.empty())
    page.gauge("reprise_store_bytes", static_cast<double>(persistence::bytes_below(options.data)),
               "Files of the data folder");
  add_sweeps(page, now.sweeps);
  add_pools(page, on.operate().pools());
  add_devices(page);
  page.gauge("reprise_dead_letters", static_cast<double>(dead_letters),
             "What was set aside after crashing the process; 100 stands for 100 or more");
  add_dropped(page, options.logs);
  if (options.spans != nullptr) add_spans(page, *options.spans);
  return page.text();
}

}  // namespace

void show_metrics(const shared_request& e) {
  // The node counts its dead letters first.
  e->on.operate().dead_letters("", [e](result<dead_letter_page> found) {
    const auto letters = found ? found->letters.size() : 0;
    e->answer(
        {200, "text/plain; version=0.0.4; charset=utf-8", metrics_text(e->server, letters), {}});
  });
}

}  // namespace reprise::gateway
