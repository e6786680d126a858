#include "gateway/v1/event_object.hpp"

#include <utility>
#include <vector>
#include "gateway/api/instance_json.hpp"

#include "actors/codec.hpp"
#include "gateway/json/json_in.hpp"
#include "gateway/json/json_out.hpp"
#include "gateway/json/json_writer.hpp"
#include "gateway/v1/native_routes.hpp"

namespace reprise::gateway {

namespace {

struct bound_types {
  const payload_type* in = nullptr;
  const payload_type* out = nullptr;
};

bound_types types_of(const bindings& app, const history_event& e) {
  switch (e.kind) {
    case event_kind::activity: {
      const auto* bound = app.find_activity(e.name);
      return bound != nullptr ? bound_types{bound->in, bound->out} : bound_types{};
    }
    case event_kind::operation:
    case event_kind::tell: {
      const auto* actor = app.find_actor(e.name);
      const auto* bound = actor != nullptr ? actor->find(e.operation) : nullptr;
      return bound != nullptr ? bound_types{bound->in, bound->out} : bound_types{};
    }
    case event_kind::started: {
      const auto* bound = app.find_orchestration(e.name);
      return bound != nullptr ? bound_types{bound->in, bound->out} : bound_types{};
    }
    case event_kind::continued:
    case event_kind::child:
    case event_kind::launch: {
      const auto* bound = app.newest_orchestration(e.name);
      return bound != nullptr ? bound_types{bound->in, bound->out} : bound_types{};
    }
    case event_kind::raised:
    case event_kind::signal: {
      const auto* bound = app.find_event(e.name);
      return bound != nullptr ? bound_types{bound->type, nullptr} : bound_types{};
    }
    default:
      return {};
  }
}

// Returns the JSON member for the event's name, which names a different kind of thing in each event.
std::string_view name_of_name(event_kind kind) {
  switch (kind) {
    case event_kind::started:
    case event_kind::continued:
    case event_kind::child:
    case event_kind::launch:
      return "orchestration";
    case event_kind::activity:
      return "activity";
    case event_kind::raised:
    case event_kind::wait:
    case event_kind::signal:
      return "event";
    case event_kind::changed:
      return "change";
    default:
      return "";
  }
}

void append_names(object_writer& to, const history_event& e) {
  const bool on_actor =
      e.kind == event_kind::operation || e.kind == event_kind::tell || e.kind == event_kind::lock;
  if (on_actor) {
    object_writer actor(to.member("actor"));
    actor.text("type", e.name);
    actor.text("key", e.key);
  } else if (e.kind == event_kind::started) {
    if (!e.key.empty()) to.text("trace", e.key.substr(0, e.key.find(' ')));
  } else if (!e.key.empty()) {
    to.text("instance", e.key);
  }
  if (!e.operation.empty()) to.text("operation", e.operation);
  const auto member = name_of_name(e.kind);
  if (!member.empty() && !e.name.empty()) to.text(member, e.name);
}

void append_reference(object_writer& to, const history_event& e) {
  if (e.kind == event_kind::answered || e.kind == event_kind::fed ||
      e.kind == event_kind::withdrawn || e.kind == event_kind::unlock)
    to.number("target", e.target);
  if (e.kind == event_kind::timer) to.time("due", e.due);
}

// Appends the failure or the value of an answer. Answers of timers and locks have no value.
void append_outcome(object_writer& to, const history_event& e, const payload_type* type) {
  if (e.error) {
    append_failure(to.member("failure"), *e.error);
  } else if (type != nullptr) {
    append_value(to.member("output"), type, e.value);
  }
}

void append_attempts(object_writer& to, const std::vector<tried>& attempts) {
  if (attempts.empty()) return;
  {
    array_writer all(to.member("attempts"));
    for (const auto& one : attempts) {
      object_writer object(all.element());
      object.number("number", one.number);
      for (const auto& [name, at] : {std::pair("queued", one.queued), std::pair("began", one.began),
                                     std::pair("ended", one.ended)})
        if (at != time_point{}) object.time(name, at);
      if (one.error) append_failure(object.member("failure"), *one.error);
    }
  }
  if (const auto left_out = attempts.back().number - attempts.size(); left_out > 0)
    to.number("left_out", left_out);
}

void append_given(object_writer& to, const bindings& app, const history_event& e) {
  switch (e.kind) {
    case event_kind::raised:
    case event_kind::signal:
      return append_value(to.member("value"), types_of(app, e).in, e.value);
    case event_kind::suspended:
    case event_kind::resumed:
      return to.text("reason", e.value.bytes());
    case event_kind::status:
      if (check_json(e.value.bytes())) {
        to.member("custom_status") += e.value.bytes();
      } else {
        to.text("custom_status", e.value.bytes());
      }
      return;
    default:
      if (const auto types = types_of(app, e); types.in != nullptr)
        append_value(to.member("input"), types.in, e.value);
  }
}

constexpr std::string_view input_words[] = {"",    "started",   "answered", "raised",
                                            "fed", "suspended", "resumed",  "rewound"};
constexpr std::string_view step_words[] = {
    "operation", "activity",  "timer",   "wait", "withdrawn", "tell",   "status", "completed",
    "child",     "continued", "changed", "lock", "unlock",    "launch", "signal"};

}  // namespace

std::string_view word_of(event_kind kind) noexcept {
  const auto number = static_cast<std::size_t>(kind);
  return is_input(kind) ? input_words[number] : step_words[number - 16];
}

void append_event(std::string& out, const bindings& app, const shown_event& shown,
                  with_values values) {
  const auto& e = shown.history[shown.number];
  object_writer object(out);
  object.number("number", shown.number);
  object.text("kind", word_of(e.kind));
  object.time("at", e.at);
  append_names(object, e);
  append_reference(object, e);
  if (e.kind == event_kind::answered && e.target < shown.number) {
    const auto* type = types_of(app, shown.history[e.target]).out;
    append_outcome(object, e, values == with_values::yes ? type : nullptr);
    append_attempts(object, e.attempts);
  } else if (e.kind == event_kind::completed) {
    const auto& began = shown.history.front();
    const auto* type = began.kind == event_kind::started ? types_of(app, began).out : nullptr;
    append_outcome(object, e, values == with_values::yes ? type : nullptr);
  } else if (values == with_values::yes) {
    append_given(object, app, e);
  }
  if (e.deferred) object.flag("deferred", true);
  if (shown.undone) object.flag("undone", true);
}

}  // namespace reprise::gateway
