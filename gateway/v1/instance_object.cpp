#include "gateway/v1/instance_object.hpp"

#include "gateway/api/instance_json.hpp"
#include "gateway/json/json_writer.hpp"
#include "gateway/v1/native_routes.hpp"

namespace reprise::gateway {

namespace {

struct state_word {
  std::string_view word;
  instance_state state;
};
constexpr state_word state_words[] = {
    {"running", instance_state::running}, {"completed", instance_state::completed},
    {"failed", instance_state::failed},   {"terminated", instance_state::terminated},
    {"pending", instance_state::pending}, {"suspended", instance_state::suspended},
    {"stalled", instance_state::stalled},
};

void append_activities(std::string& out, const std::vector<activity_status>& running) {
  array_writer all(out);
  for (const auto& one : running) {
    object_writer object(all.element());
    object.text("name", one.name);
    object.number("step", one.step);
    object.number("attempt", one.attempt);
    if (one.due) object.time("due", *one.due);
    if (one.began) object.time("began", *one.began);
    if (!one.progress.empty()) object.member("progress") += one.progress;
    object.flag("cancelled", one.cancelled);
  }
}

}  // namespace

void append_instance(std::string& out, const bindings& app, const instance_status& one,
                     with_input input) {
  object_writer object(out);
  object.text("id", one.id);
  object.text("orchestration", one.orchestration);
  object.text("state", word_of(one.state));
  object.time("created", one.created);
  object.time("updated", one.updated);
  if (one.due != time_point{} && !is_terminal(one.state)) object.time("due", one.due);
  if (input == with_input::yes) append_input(object.member("input"), app, one);
  append_custom_status(object.member("custom_status"), one);
  if (one.outcome && *one.outcome) append_output(object.member("output"), app, one);
  if (one.outcome && !*one.outcome) append_failure(object.member("failure"), one.outcome->error());
  if (one.state == instance_state::stalled) object.text("finding", one.finding);
  if (!one.activities.empty()) append_activities(object.member("activities"), one.activities);
}

http_response instance_answer(const bindings& app, const instance_status& one, with_input input) {
  http_response answer{200, "application/json", {}, {}};
  append_instance(answer.body, app, one, input);
  return answer;
}

std::string_view word_of(instance_state state) noexcept {
  for (const auto& one : state_words)
    if (one.state == state) return one.word;
  return "running";
}

std::optional<instance_state> state_of(std::string_view word) noexcept {
  for (const auto& one : state_words)
    if (one.word == word) return one.state;
  return std::nullopt;
}

}  // namespace reprise::gateway
