// Spans of an instance. All are reported by live turns, in the transition that they belong to: replay
// does not come here.

#include "runtime/commit/spans.hpp"
#include "runtime/commit/transition.hpp"
#include "runtime/commit/turn_services.hpp"
#include "runtime/instance/instance_host.hpp"

namespace reprise::runtime {

void instance_host::set_trace(const trace_context& why) {
  if (why || seldom_) seldom().trace = why;
}

// After a rewind this is another run of the same generation, with a span of its own.
trace_context instance_host::run_trace() const {
  const auto of = trace();
  if (!of) return {};
  const auto& g = header_->generation;
  return of.caused_by(
      span_id(traced::run, self_.key, {g.term, g.position, header_->undone.size()}));
}

// Started by a waiting parent: the parent's run is the cause. Otherwise the start gets a span of its
// own.
void instance_host::begin_trace(transition& t, const message& m) {
  set_trace(m.trace);
  if (!m.trace || m.reply) return;
  const auto g = t.as_generation();
  set_trace(m.trace.caused_by(span_id(traced::start, self_.key, {g.term, g.position})));
  t.report(start_span({trace(), m.trace.span, m.sent, t.now()}, self_.key, header_->orchestration));
}

void instance_host::report_end(transition& t, const history_event& last, bool terminated) {
  if (!trace()) return;
  t.report(run_span({run_trace(), trace().span, began_, t.now()}, self_, header_->orchestration,
                    header_->generation, {last, terminated}));
}

void instance_host::report_timer(transition& t, std::uint64_t number,
                                 const requested_step& what) const {
  if (!trace()) return;
  history_event step;
  step.kind = event_kind::timer;
  step.number = number;
  step.at = what.at();
  step.due = what.due();
  const auto& g = header_->generation;
  const auto run = run_trace();
  const auto id = span_id(traced::timer, self_.key, {g.term, g.position, step.number});
  t.report(timer_span({run.caused_by(id), run.span, step.at, t.now()}, self_.key,
                      header_->orchestration, step));
}

// In the trace of the event's sender.
void instance_host::report_raised(transition& t, const message& m) const {
  const auto* raised = std::get_if<raised_body>(&m.body);
  if (raised == nullptr) return;
  const auto id = span_id(traced::event, self_.key, {m.id.term, m.id.at, m.id.index});
  t.report(
      event_span({m.trace.caused_by(id), m.trace.span, m.sent, t.now()}, self_.key, raised->event));
}

}  // namespace reprise::runtime
