#include "gateway/internal/client_commands.hpp"

#include <algorithm>
#include <chrono>
#include <iostream>
#include <thread>

#include "gateway/internal/commands.hpp"
#include "gateway/internal/json_parts.hpp"
#include "gateway/internal/json_writer.hpp"
#include "gateway/internal/printer.hpp"
#include "gateway/internal/remote.hpp"
#include "gateway/json_in.hpp"

namespace reprise::gateway {

namespace {

address instance(const std::string& id) { return durable_functions("instances").segment(id); }

remote of_instance(const client_command& c) { return {c, "instance " + c.id}; }

// Prints the outcome of an instance that has ended; its code says how it ended.
int report(const std::string& status_json) {
  const auto state = json_member(status_json, "runtimeStatus");
  const auto output = json_member(status_json, "output");
  if (state == "Failed") return complain("the instance failed: " + output, exit_instance_failed);
  if (state == "Terminated")
    return complain("the instance was terminated: " + output, exit_terminated);
  std::cout << json_text(status_json, "output") << '\n';
  return exit_done;
}

int wait_for(const client_command& c, const std::string& id) {
  using namespace std::chrono_literals;
  using clock = std::chrono::steady_clock;
  const auto last = clock::now() + std::chrono::seconds(c.timeout);
  remote server(c, "instance " + id);
  for (auto pause = 20ms;; pause = std::min(pause * 2, 1000ms)) {
    const auto answer = server.ask("GET", instance(id));
    if (!answer) return server.code();
    if (answer->status == 200) return report(answer->body);
    if (c.timeout != 0 && clock::now() >= last)
      return complain("the instance " + id + " has not ended within " + std::to_string(c.timeout) +
                          " s; `why` tells what it waits for",
                      exit_timed_out);
    std::this_thread::sleep_for(pause);
  }
}

// A request whose only answer is that it was taken.
int steer(const client_command& c, std::string_view verb) {
  auto server = of_instance(c);
  auto where = instance(c.id);
  where.segment(verb).parameter("reason", c.reason);
  if (c.recursive) where.parameter("recursive", "true");
  return server.ask("POST", where) ? exit_done : server.code();
}

}  // namespace

int start(const client_command& c) {
  remote server(c, "orchestration " + c.name);
  const auto where = native("orchestrations").segment(c.name).parameter("id", c.id);
  const auto answer = server.ask("POST", where, c.input);
  if (!answer) return server.code();
  const auto id = json_member(answer->body, "id");
  if (c.wait) {
    std::cerr << id << '\n';
    return wait_for(c, id);
  }
  std::cout << id << '\n';
  return exit_done;
}

int status(const client_command& c) {
  auto server = of_instance(c);
  auto where = instance(c.id);
  if (c.history) where.parameter("showHistory", "true").parameter("showHistoryOutput", "true");
  const auto answer = server.ask("GET", where);
  if (!answer) return server.code();
  return print_value(output_form_of(c.output), answer->body);
}

int get(const client_command& c) {
  auto server = of_instance(c);
  const auto answer = server.ask("GET", native("instances").segment(c.id));
  if (!answer) return server.code();
  return print_value(output_form_of(c.output), answer->body);
}

int wait(const client_command& c) { return wait_for(c, c.id); }

namespace {

// In a table each attempt that failed has a row of its own, before the answer of its step.
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
    out.add(std::move(row));
  }
}

}  // namespace

int history(const client_command& c) {
  const auto path = address("instances").segment(c.id).segment("history");
  const auto form = output_form_of(c.output);
  printer out(
      form,
      {{"NO", {"number"}},
       {"TIME", {"at"}},
       {"EVENT", {"kind"}},
       {"WHAT", {"operation", "activity", "orchestration", "event", "change", "actor.key"}},
       {"TO", {"target"}},
       {"DETAIL", {"failure.text", "reason", "output", "value", "custom_status", "input", "due"}}});
  auto server = of_instance(c);
  const bool read =
      server.each_entry(native_list(path.text(), 0), "events", [&](std::string event) {
        if (form == output_form::table) add_failed_attempts(out, event);
        out.add(std::move(event));
        return true;
      });
  if (!read && out.empty()) return server.code();
  const int printed = out.end();
  return read ? printed : server.code();
}

int why(const client_command& c) {
  auto server = of_instance(c);
  const auto answer = server.ask("GET", native("instances").segment(c.id).segment("why"));
  if (!answer) return server.code();
  const auto form = output_form_of(c.output);
  if (form == output_form::json) return print_value(form, answer->body);
  printer out(form, {{"WAITS FOR", {"what"}}, {"SINCE", {"since"}}, {"OWED BY", {"owed_by"}}});
  for (auto& one : json_elements(json_text(answer->body, "waits"))) out.add(std::move(one));
  return out.end();
}

int raise(const client_command& c) {
  auto server = of_instance(c);
  const auto where = native("instances").segment(c.id).segment("events").segment(c.name);
  const bool taken = server.ask("POST", where, c.input.empty() ? "null" : c.input).has_value();
  return taken ? exit_done : server.code();
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
      server.ask("POST", native("instances").segment(c.id).segment("restart"), std::move(body));
  if (!answer) return server.code();
  std::cout << json_member(answer->body, "id") << '\n';
  return exit_done;
}

}  // namespace reprise::gateway
