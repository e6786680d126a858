// The client commands for many instances: list and purge.

#include <chrono>
#include <cstdlib>

#include "gateway/cli/client_commands.hpp"
#include "gateway/cli/commands.hpp"
#include "gateway/cli/console.hpp"
#include "gateway/cli/printer.hpp"
#include "gateway/cli/progress_bar.hpp"
#include "gateway/cli/remote.hpp"
#include "gateway/json/json_parts.hpp"
#include "gateway/json/time_text.hpp"

namespace reprise::gateway {

namespace {

std::vector<column> instance_columns() {
  return {{"ID", {"id"}},
          {"ORCHESTRATION", {"orchestration"}},
          {"STATE", {"state"}},
          {"CREATED", {"created"}},
          {"UPDATED", {"updated"}}};
}

int print_instances(const client_command& c, const std::string& states) {
  auto where = native_list("instances", c.limit);
  where.parameter("prefix", c.prefix)
      .parameter("orchestration", c.orchestration)
      .parameter("state", states)
      .parameter("created_from", c.created_from)
      .parameter("created_to", c.created_to)
      .parameter("updated_before", c.updated_before)
      .parameter("input", c.with_input ? "true" : "false");
  return remote(c, "list of instances")
      .print_list(where, "instances", c.limit,
                  printer(output_form_of(c.output), instance_columns()));
}

int print_purged(const client_command& c, std::uint64_t count) {
  return print_value(output_form_of(c.output), "{\"purged\":" + std::to_string(count) + "}");
}

int purge_one(const client_command& c) {
  remote server(c, "instance " + c.id);
  if (c.dry_run) {
    const auto found =
        server.ask({"GET", native("instances").segment(c.id), object_with({"id", "state"})});
    if (!found) return server.code();
    const auto state = plain_member(found->body, "state");
    if (state != "completed" && state != "failed" && state != "terminated")
      return complain("the instance " + c.id + " is " + state +
                          ": only what has ended can be purged; terminate it first",
                      exit_conflict);
    printer out(output_form_of(c.output), instance_columns());
    out.add(found->body);
    return out.end();
  }
  auto where = native("instances").segment(c.id);
  if (c.recursive) where.parameter("recursive", "true");
  return server.ask({"DELETE", where, no_body()}) ? print_purged(c, 1) : server.code();
}

// Purges by filter. The server stops after a minute with `complete` false; repeats until it is complete.
int purge_all(const client_command& c) {
  remote server(c, "list of instances");
  // With all digits, so that exactly the instances are purged that --dry-run lists.
  std::string until;
  append_time(until, read_time(c.created_to).value_or(std::chrono::system_clock::now()),
              precision::ticks);
  const auto where = native("instances")
                         .parameter("created_from", c.created_from)
                         .parameter("created_to", until)
                         .parameter("state", c.state);
  progress_bar bar("purging");
  std::uint64_t count = 0;
  for (bool complete = false; !complete;) {
    const auto answer = server.ask({.method = "DELETE",
                                    .where = where,
                                    .wanted = object_with({"purged", "complete"}),
                                    .longest = std::chrono::seconds(c.timeout.value_or(120))});
    if (!answer) return server.code();
    const auto gone = std::strtoull(json_part(answer->body, "purged").c_str(), nullptr, 10);
    count += gone;
    complete = json_part(answer->body, "complete") != "false";
    if (!complete && gone == 0)  // no progress: an immediate retry would not help
      return complain(
          std::to_string(count) + " purged; those that are left cannot go now: try again",
          exit_unavailable);
    bar.show(count, 0);
  }
  return print_purged(c, count);
}

// Returns whether the list contains only completed, failed and terminated.
bool has_ended_states(std::string_view list) {
  while (!list.empty()) {
    const auto comma = list.find(',');
    const auto word = list.substr(0, comma);
    if (word != "completed" && word != "failed" && word != "terminated") return false;
    if (comma == list.npos) break;
    list.remove_prefix(comma + 1);
  }
  return true;
}

}  // namespace

int list(const client_command& c) { return print_instances(c, c.state); }

int purge(const client_command& c) {
  if (c.id.empty() == c.created_from.empty())
    return complain(
        "say what goes: an instance id, or --created-from TIME for all that have ended since",
        exit_usage);
  if (!c.id.empty() && !(c.created_to + c.state).empty())
    return complain("--created-to and --state narrow --created-from, not one instance", exit_usage);
  if (!has_ended_states(c.state))
    return complain("--state takes completed, failed and terminated: only what has ended goes",
                    exit_usage);
  if (c.id.empty() && c.recursive)
    return complain("--recursive goes with one instance", exit_usage);
  if (!c.id.empty()) return purge_one(c);
  if (!c.dry_run) return purge_all(c);
  return print_instances(c, c.state.empty() ? "completed,failed,terminated" : c.state);
}

}  // namespace reprise::gateway
