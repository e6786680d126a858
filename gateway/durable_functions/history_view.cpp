#include "gateway/durable_functions/history_view.hpp"

#include <unordered_map>

#include "gateway/json/json_out.hpp"
#include "gateway/json/time_text.hpp"

namespace reprise::gateway {

namespace {

class history_writer {
 public:
  history_writer(std::string& out, const bindings& app, const std::vector<history_event>& events,
                 const status_view& view)
      : out_(out), app_(app), events_(events), view_(view) {
    for (const auto& e : events) {
      if (e.kind == event_kind::answered) answers_.emplace(e.target, &e);
      if (e.kind == event_kind::started) orchestration_ = app.find_orchestration(e.name);
    }
  }

  void write() {
    out_ += '[';
    for (const auto& e : events_) write(e);
    out_ += ']';
  }

 private:
  void write(const history_event& e) {
    switch (e.kind) {
      case event_kind::started:
        item("ExecutionStarted", e);
        text("FunctionName", e.name);
        input(orchestration_ != nullptr ? orchestration_->in : nullptr, e.value);
        break;
      case event_kind::raised:
        item("EventRaised", e);
        text("Name", e.name);
        input(event_type(e.name), e.value);
        break;
      case event_kind::tell:
        item("EventSent", e);
        text("Name", e.operation);
        text("InstanceId", e.name + "/" + e.key);
        break;
      case event_kind::signal:
        item("EventSent", e);
        text("Name", e.name);
        text("InstanceId", e.key);
        break;
      case event_kind::suspended:
        item("ExecutionSuspended", e);
        text("Reason", std::string(e.value.bytes()));
        break;
      case event_kind::resumed:
        item("ExecutionResumed", e);
        text("Reason", std::string(e.value.bytes()));
        break;
      case event_kind::rewound:
        item("ExecutionRewound", e);
        text("Reason", std::string(e.value.bytes()));
        break;
      case event_kind::child:
        if (answers_.count(e.number) != 0) return;
        item("SubOrchestrationInstanceCreated", e);
        text("Name", e.name);
        input(types_of(e).in, e.value);
        break;
      case event_kind::timer:
        item("TimerCreated", e);
        time("FireAt", e.due);
        break;
      case event_kind::operation:
      case event_kind::activity:
        if (answers_.count(e.number) != 0) return;  // folded into its completion
        item("TaskScheduled", e);
        text("Name", name_of(e));
        input(types_of(e).in, e.value);
        break;
      case event_kind::answered:
        return answered(e);
      case event_kind::completed:
        completed(e);
        break;
      default:
        return;  // waits, withdrawals, custom status: bookkeeping of the engine
    }
    out_ += '}';
  }

  void answered(const history_event& e) {
    if (e.target >= events_.size()) return;
    const auto& asked = events_[e.target];
    if (asked.kind == event_kind::timer) {
      item("TimerFired", e);
      time("FireAt", asked.due);
    } else if (asked.kind == event_kind::operation || asked.kind == event_kind::activity ||
               asked.kind == event_kind::child) {
      const bool child = asked.kind == event_kind::child;
      const std::string what = child ? "SubOrchestrationInstance" : "Task";
      item(what + (e.error ? "Failed" : "Completed"), e);
      const auto types = types_of(asked);
      if (e.error) {
        failed(*e.error);
      } else if (view_.history_output) {
        value("Result", types.out, e.value);
      }
      time("ScheduledTime", asked.at);
      text("FunctionName", name_of(asked));
      input(types.in, asked.value);
    } else {
      return;
    }
    out_ += '}';
  }

  void completed(const history_event& e) {
    item("ExecutionCompleted", e);
    text("OrchestrationStatus", e.error ? "Failed" : "Completed");
    if (e.error) {
      failed(*e.error);
    } else if (view_.history_output) {
      value("Result", orchestration_ != nullptr ? orchestration_->out : nullptr, e.value);
    }
  }

  struct bound_types {
    const payload_type* in = nullptr;
    const payload_type* out = nullptr;
  };
  bound_types types_of(const history_event& e) const {
    if (e.kind == event_kind::activity) {
      const auto* bound = app_.find_activity(e.name);
      return bound != nullptr ? bound_types{bound->in, bound->out} : bound_types{};
    }
    if (e.kind == event_kind::child) {
      const auto* bound = app_.newest_orchestration(e.name);
      return bound != nullptr ? bound_types{bound->in, bound->out} : bound_types{};
    }
    const auto* actor = app_.find_actor(e.name);
    const auto* bound = actor != nullptr ? actor->find(e.operation) : nullptr;
    return bound != nullptr ? bound_types{bound->in, bound->out} : bound_types{};
  }

  const payload_type* event_type(const std::string& name) const {
    const auto* bound = app_.find_event(name);
    return bound != nullptr ? bound->type : nullptr;
  }

  static std::string name_of(const history_event& e) {
    return e.kind == event_kind::operation ? e.name + "/" + e.key + "/" + e.operation : e.name;
  }

  void item(std::string_view type, const history_event& e) {
    if (out_.back() != '[') out_ += ',';
    out_ += R"({"EventType":)";
    append_quoted(out_, type);
    time("Timestamp", e.at);
  }
  void name(std::string_view member) {
    out_ += ',';
    append_quoted(out_, member);
    out_ += ':';
  }
  void text(std::string_view member, std::string_view content) {
    name(member);
    append_quoted(out_, content);
  }
  void time(std::string_view member, time_point t) {
    name(member);
    out_ += '"';
    append_time(out_, t, precision::ticks);
    out_ += '"';
  }
  void value(std::string_view member, const payload_type* type, const payload& p) {
    name(member);
    if (type == nullptr || !append_json(out_, *type, p.bytes())) out_ += "null";
  }
  // Appends the input as Durable Functions does: JSON text in a string.
  void input(const payload_type* type, const payload& p) {
    if (!view_.input) return;
    name("Input");
    std::string json;
    if (type == nullptr || !append_json(json, *type, p.bytes())) {
      out_ += "null";
    } else {
      append_quoted(out_, json);
    }
  }
  void failed(const failure& f) {
    text("Reason", f.text);
    name("FailureDetails");
    out_ += '{';
    append_quoted(out_, "ErrorType");
    out_ += ':';
    append_quoted(out_, to_string(f.why));
    text("ErrorMessage", f.text);
    name("IsNonRetriable");
    out_ += f.retryable ? "false}" : "true}";
  }

  std::string& out_;
  const bindings& app_;
  const std::vector<history_event>& events_;
  const status_view& view_;
  std::unordered_map<std::uint64_t, const history_event*> answers_;  // by the number of their step
  const bound_orchestration* orchestration_ = nullptr;
};

}  // namespace

void append_history(std::string& out, const bindings& app, const std::vector<history_event>& events,
                    const status_view& view) {
  history_writer(out, app, events, view).write();
}

}  // namespace reprise::gateway
