#include "gateway/observe/recorded_reply.hpp"

#include <utility>

#include "gateway/json/json_in.hpp"
#include "gateway/json/json_out.hpp"
#include "gateway/json/time_text.hpp"
#include "gateway/wire/problem.hpp"

namespace reprise::gateway {

namespace {

void append_member(std::string& out, std::string_view name, std::string_view value) {
  if (value.empty()) return;
  out.append(",\"").append(name).append("\":");
  append_quoted(out, value);
}

}  // namespace

recorded_reply::recorded_reply(reply inner, std::shared_ptr<request_metrics> figures,
                               const request_logs& logs, const http_request& request,
                               route_kind kind)
    : inner_(std::move(inner)),
      figures_(std::move(figures)),
      kind_(std::move(kind)),
      access_(logs.access),
      audit_(request.method != "GET" ? logs.audit : nullptr),
      trace_(request.trace) {
  figures_->in_flight.fetch_add(1, std::memory_order_relaxed);
  if (access_ == nullptr && audit_ == nullptr && !trace_) return;
  method_ = request.wants_head_only ? "HEAD" : request.method;
  path_ = request.target.substr(0, request.target.find('?'));
  from_ = request.from;
}

recorded_reply::~recorded_reply() {
  if (!sent_.exchange(true)) note({500, "", "", {}});  // the inner reply answers 500 too
}

void recorded_reply::known(const std::string& principal) { principal_ = principal; }

void recorded_reply::send(http_response&& answer) {
  if (trace_) add_trace(answer, path_, trace_id_text(trace_));
  if (!sent_.exchange(true)) note(answer);
  inner_(std::move(answer));
}

void recorded_reply::note(const http_response& answer) {
  const auto took = clock::now() - began_;
  figures_->in_flight.fetch_sub(1, std::memory_order_relaxed);
  figures_->row_of(kind_).add(answer.status, took);
  if (access_ != nullptr || audit_ != nullptr) write_down(answer, took);
}

void recorded_reply::write_down(const http_response& answer, std::chrono::nanoseconds took) {
  std::string line = R"({"time":")";
  line.reserve(256);
  append_time(line, std::chrono::system_clock::now(), precision::ticks);
  line += '"';
  append_member(line, "principal", principal_);
  if (from_ != nullptr) append_member(line, "peer", from_->peer);
  append_member(line, "method", method_);
  append_member(line, "path", path_);
  append_member(line, "route", kind_.name);
  append_member(line, "type", kind_.type);
  append_member(line, "operation", kind_.operation);
  const bool made_up = kind_.id.empty() && kind_.name == "instance.start" && answer.status < 300;
  if (trace_) append_member(line, "trace", trace_id_text(trace_));
  append_member(line, "id", made_up ? json_member(answer.body, "id") : kind_.id);
  line += R"(,"status":)";
  append_number(line, std::uint64_t{answer.status});
  line += R"(,"seconds":)";
  append_number(line, static_cast<double>(took.count()) / 1e9);
  line += '}';
  if (access_ != nullptr) access_->append(line);
  if (audit_ != nullptr) audit_->append(line);
}

}  // namespace reprise::gateway
