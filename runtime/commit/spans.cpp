#include "runtime/commit/spans.hpp"

#include <xxhash.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>
#include <utility>

#include "actors/limits.hpp"

namespace reprise::runtime {
namespace {

using namespace std::string_view_literals;

span made(const span_place& where, std::string name, span_kind kind, std::string_view type) {
  span s;
  s.name = std::move(name);
  s.kind = kind;
  s.at = where.at;
  s.parent = where.parent;
  s.began = where.began;
  s.ended = std::max(where.began, where.ended);
  s.tags.push_back({"durabletask.type"sv, std::string(type)});
  return s;
}

// Version 1 is named without its number.
std::string named(std::string_view kind, const std::string& orchestration) {
  const orchestration_name name(orchestration);
  std::string text(kind);
  text.append(":").append(name.base);
  if (name.version > 1) text.append("@(").append(std::to_string(name.version)).append(")");
  return text;
}

void add_orchestration(span& s, const std::string& instance, const std::string& orchestration) {
  const orchestration_name name(orchestration);
  s.tags.push_back({"durabletask.task.name"sv, std::string(name.base)});
  if (name.version > 1)
    s.tags.push_back({"durabletask.task.version"sv, std::to_string(name.version)});
  s.tags.push_back({"durabletask.task.instance_id"sv, instance});
}

// ISO 8601, UTC, with nanoseconds.
std::string iso(time_point at) {
  const auto whole = std::chrono::floor<std::chrono::seconds>(at);
  const auto seconds = static_cast<std::time_t>(whole.time_since_epoch().count());
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  std::array<char, 64> text{};
  const auto size = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &parts);
  std::snprintf(text.data() + size, text.size() - size, ".%09dZ",
                static_cast<int>((at - whole).count()));
  return text.data();
}

void add_outcome(span& s, const failure* why) {
  s.tags.push_back({"durabletask.task.status"sv, std::string(why ? "Failed" : "Completed")});
  if (why) s.error = why->text.empty() ? std::string(to_string(why->why)) : why->text;
}

}  // namespace

std::uint64_t span_id(traced what, std::string_view whose,
                      std::initializer_list<std::uint64_t> which) {
  std::string bytes(1, static_cast<char>(what));
  bytes.append(whose).append(1, '\0');
  for (auto n : which)
    for (int i = 0; i < 8; ++i, n >>= 8) bytes += static_cast<char>(n & 0xff);
  const auto id = XXH3_64bits(bytes.data(), bytes.size());
  return id != 0 ? id : 1;
}

span start_span(const span_place& where, const std::string& instance,
                const std::string& orchestration) {
  auto s = made(where, named("create_orchestration", orchestration), span_kind::producer,
                "orchestration");
  add_orchestration(s, instance, orchestration);
  return s;
}

span run_span(const span_place& where, const address& instance, const std::string& orchestration,
              const generation& g, const run_end& end) {
  auto s = made(where, named("orchestration", orchestration), span_kind::server, "orchestration");
  add_orchestration(s, instance.key, orchestration);
  s.tags.push_back({"durabletask.task.execution_id"sv,
                    std::to_string(g.term) + '.' + std::to_string(g.position)});
  add_outcome(s, end.last.error ? &*end.last.error : nullptr);
  auto& status = s.tags.back().value;
  if (end.last.kind == event_kind::continued) status = "ContinuedAsNew";
  if (end.terminated) status = "Terminated";
  return s;
}

span attempt_span(const span_place& where, const reply_to& step, const std::string& activity,
                  const result<payload>& outcome) {
  auto s = made(where, "activity:" + activity, span_kind::server, "activity");
  s.tags.push_back({"durabletask.task.name"sv, activity});
  s.tags.push_back({"durabletask.task.instance_id"sv, step.instance});
  s.tags.push_back({"durabletask.task.task_id"sv, static_cast<std::int64_t>(step.step)});
  s.tags.push_back({"reprise.attempt"sv, static_cast<std::int64_t>(step.attempt)});
  add_outcome(s, outcome ? nullptr : &outcome.error());
  return s;
}

span timer_span(const span_place& where, const std::string& instance,
                const std::string& orchestration, const history_event& step) {
  auto s =
      made(where, named("orchestration", orchestration) + ":timer", span_kind::internal, "timer");
  add_orchestration(s, instance, orchestration);
  s.tags.push_back({"durabletask.task.task_id"sv, static_cast<std::int64_t>(step.number)});
  s.tags.push_back({"durabletask.fire_at"sv, iso(step.due)});
  return s;
}

span event_span(const span_place& where, const std::string& instance, const std::string& event) {
  auto s = made(where, "orchestration_event:" + event, span_kind::producer, "event");
  s.tags.push_back({"durabletask.task.name"sv, event});
  s.tags.push_back({"durabletask.event.target_instance_id"sv, instance});
  return s;
}

span turn_span(const span_place& where, const address& actor, const std::string& operation,
               asked_as how, const result<payload>& answer) {
  const bool call = how == asked_as::call;
  auto s = made(where, "entity:" + actor.type + ":" + operation,
                call ? span_kind::server : span_kind::consumer, "entity");
  s.tags.push_back({"durabletask.task.name"sv, actor.type});
  s.tags.push_back({"durabletask.task.instance_id"sv, "@" + actor.type + "@" + actor.key});
  s.tags.push_back(
      {"durabletask.task.operation"sv, std::string(call ? "call_entity" : "signal_entity")});
  add_outcome(s, answer ? nullptr : &answer.error());
  return s;
}

}  // namespace reprise::runtime
