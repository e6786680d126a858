#include "gateway/cli/client_commands.hpp"

#include <algorithm>
#include <chrono>
#include <iostream>
#include <thread>

#include "gateway/cli/commands.hpp"
#include "gateway/cli/console.hpp"
#include "gateway/cli/printer.hpp"
#include "gateway/cli/remote.hpp"
#include "gateway/json/json_in.hpp"
#include "gateway/json/json_parts.hpp"
#include "gateway/json/json_writer.hpp"
#include "gateway/json/text.hpp"

namespace reprise::gateway {

namespace {

using namespace std::chrono_literals;

address instance(const client_command& c) { return native("instances").segment(c.id); }

remote of_instance(const client_command& c) { return {c, "instance " + c.id}; }

// Prints the outcome of an ended instance. Returns the exit code for its state.
int report(const std::string& ended, const std::string& state) {
  const auto text = plain_member(ended, "failure.text");
  if (state == "failed") return complain("the instance failed: " + text, exit_instance_failed);
  if (state == "terminated")
    return complain("the instance was terminated: " + text, exit_terminated);
  std::cout << visible_json(json_part(ended, "output")) << '\n';
  return exit_done;
}

bool has_ended(std::string_view state) {
  return state == "completed" || state == "failed" || state == "terminated";
}

// Waits for the end of an instance with requests that wait 15 s each: a longer silence could not be
// distinguished from a dead server.
int wait_for(const client_command& c, const std::string& id) {
  using clock = std::chrono::steady_clock;
  constexpr std::chrono::seconds at_a_time = usual_time / 2;
  const auto limit = std::chrono::seconds(c.timeout.value_or(0));
  const auto last = clock::now() + limit;
  remote server(c, "instance " + id);
  for (auto pause = 20ms;; pause = std::min(pause * 2, 1000ms)) {
    const auto began = clock::now();
    const auto left = std::chrono::ceil<std::chrono::seconds>(last - began);
    const auto wait = limit == 0s ? at_a_time : std::clamp(left, 0s, at_a_time);
    const auto answer = server.ask({.method = "GET",
                                    .where = native("instances").segment(id),
                                    .wanted = object_with({"id", "state"}),
                                    .prefer = "wait=" + std::to_string(wait.count()),
                                    .longest = wait + at_a_time / 3});
    if (!answer) return server.code();
    const auto state = plain_member(answer->body, "state");
    if (has_ended(state)) return report(answer->body, state);
    if (limit != 0s && clock::now() >= last)
      return complain("the instance " + id + " has not ended within " +
                          std::to_string(limit.count()) + " s; `why` tells what it waits for",
                      exit_timed_out);
    if (clock::now() - began < 1s)
      std::this_thread::sleep_for(pause);  // the server answered early: back off
  }
}

// Sends a steering request, which has no result.
int steer(const client_command& c, std::string_view verb) {
  auto server = of_instance(c);
  std::string body;
  if (!c.reason.empty() || c.recursive) {
    object_writer object(body);
    if (!c.reason.empty()) object.text("reason", c.reason);
    if (c.recursive) object.flag("recursive", true);
  }
  const question asked{"POST", instance(c).segment(verb), no_body(), std::move(body)};
  return server.ask(asked) ? exit_done : server.code();
}

}  // namespace

int start(const client_command& c) {
  remote server(c, "orchestration " + c.name);
  const auto where = native("orchestrations")
                         .segment(c.name)
                         .parameter("id", c.id)
                         .parameter("version", c.version)
                         .parameter("at", c.at);
  const auto answer = server.ask({"POST", where, object_with({"id"}), c.input});
  if (!answer) return server.code();
  const auto id = plain_member(answer->body, "id");
  if (c.wait) {
    std::cerr << visible(id) << '\n';
    return wait_for(c, id);
  }
  std::cout << visible(id) << '\n';
  return exit_done;
}

int status(const client_command& c) {
  auto server = of_instance(c);
  auto where = durable_functions("instances").segment(c.id);
  if (c.history) where.parameter("showHistory", "true").parameter("showHistoryOutput", "true");
  const auto answer = server.ask({"GET", where, object_with({"instanceId", "runtimeStatus"})});
  if (!answer) return server.code();
  return print_value(output_form_of(c.output), answer->body);
}

int get(const client_command& c) {
  auto server = of_instance(c);
  const auto answer = server.ask({"GET", instance(c), object_with({"id", "state"})});
  if (!answer) return server.code();
  return print_value(output_form_of(c.output), answer->body);
}

int wait(const client_command& c) { return wait_for(c, c.id); }

namespace {

// Adds `outcome` and `detail` to an event with a failure, so that a table does not show it like a result.
std::string with_failure_told(std::string event) {
  const auto code = plain_member(event, "failure.code");
  if (code.empty()) return event;
  const bool is_end = plain_member(event, "kind") == "completed";
  auto detail = code == "failed" ? "failed: " : "failed (" + code + "): ";
  if (is_end && code == "terminated") detail.clear();
  std::string told;
  {
    object_writer object(told);
    if (is_end) object.text("outcome", code == "terminated" ? code : "failed");
    object.text("detail", detail + plain_member(event, "failure.text"));
  }
  told.back() = ',';
  return told.append(event, 1);
}

// Adds a row to the table for each failed attempt, before the answer of its step.
void add_failed_attempts(printer& out, const std::string& event) {
  for (const auto& one : json_elements(json_text(event, "attempts"))) {
    const auto why = json_text(one, "failure");
    if (why.empty()) continue;
    std::string row;
    {
      object_writer object(row);
      object.text("kind", "attempt " + json_text(one, "number"));
      object.member("at") += json_text(one, "ended");
      object.member("failure") += why;
    }
    out.add(with_failure_told(std::move(row)));
  }
}

}  // namespace

int history(const client_command& c) {
  const auto path = address("instances").segment(c.id).segment("history");
  const auto form = output_form_of(c.output);
  printer out(
      form, {{"NO", {"number"}},
             {"TIME", {"at"}},
             {"EVENT", {"outcome", "kind"}},
             {"WHAT", {"operation", "activity", "orchestration", "event", "change", "actor.key"}},
             {"TO", {"target"}},
             {"DETAIL", {"detail", "reason", "output", "value", "custom_status", "input", "due"}}});
  auto server = of_instance(c);
  const bool read =
      server.each_entry(native_list(path.text(), 0), "events", [&](std::string event) {
        if (form == output_form::table) {
          add_failed_attempts(out, event);
          event = with_failure_told(std::move(event));
        }
        out.add(std::move(event));
        return true;
      });
  if (!read && out.empty()) return server.code();
  const int printed = out.end();
  return read ? printed : server.code();
}

int why(const client_command& c) {
  auto server = of_instance(c);
  const auto answer = server.ask({"GET", instance(c).segment("why"), object_with({"id", "waits"})});
  if (!answer) return server.code();
  const auto form = output_form_of(c.output);
  if (form == output_form::json) return print_value(form, answer->body);
  printer out(form, {{"WAITS FOR", {"what"}}, {"SINCE", {"since"}}, {"OWED BY", {"owed_by"}}});
  for (auto& one : json_elements(json_part(answer->body, "waits"))) out.add(std::move(one));
  return out.end();
}

int raise(const client_command& c) {
  auto server = of_instance(c);
  const question asked{"POST", instance(c).segment("events").segment(c.name), no_body(), c.input};
  return server.ask(asked) ? exit_done : server.code();
}

int terminate(const client_command& c) { return steer(c, "terminate"); }
int suspend(const client_command& c) { return steer(c, "suspend"); }
int resume(const client_command& c) { return steer(c, "resume"); }
int rewind(const client_command& c) { return steer(c, "rewind"); }

int restart(const client_command& c) {
  if (c.same_id && !c.new_id.empty())
    return complain("give --same-id or --new-id, not both", exit_usage);
  auto server = of_instance(c);
  std::string body;
  if (c.same_id || !c.new_id.empty()) object_writer(body).text("id", c.same_id ? c.id : c.new_id);
  const auto answer =
      server.ask({"POST", instance(c).segment("restart"), object_with({"id"}), std::move(body)});
  if (!answer) return server.code();
  std::cout << visible(plain_member(answer->body, "id")) << '\n';
  return exit_done;
}

}  // namespace reprise::gateway
