// The client commands for actors and dead letters.

#include "gateway/cli/client_commands.hpp"
#include "gateway/cli/commands.hpp"
#include "gateway/cli/console.hpp"
#include "gateway/cli/printer.hpp"
#include "gateway/cli/remote.hpp"
#include "gateway/json/json_parts.hpp"

namespace reprise::gateway {

namespace {

address actor(const client_command& c) { return native("actors").segment(c.type).segment(c.key); }

remote of_actor(const client_command& c) { return {c, "actor " + c.type + "/" + c.key}; }

std::vector<column> letter_columns() {
  return {{"ID", {"id"}},
          {"KIND", {"kind"}},
          {"TYPE", {"actor.type"}},
          {"KEY", {"actor.key", "instance"}},
          {"NAME", {"operation", "activity"}},
          {"SINCE", {"since"}},
          {"CRASHES", {"crashes"}},
          {"FAILURE", {"failure.text"}}};
}

}  // namespace

int call_actor(const client_command& c) {
  auto server = of_actor(c);
  const auto answer = server.ask({"POST", actor(c).segment(c.operation), any_json(), c.input});
  if (!answer) return server.code();
  return print_value(output_form_of(c.output), answer->body);
}

int tell_actor(const client_command& c) {
  auto server = of_actor(c);
  const question asked{"POST", actor(c).segment(c.operation), no_body(), c.input, "respond-async"};
  return server.ask(asked) ? exit_done : server.code();
}

int get_actor(const client_command& c) {
  auto server = of_actor(c);
  const auto answer = server.ask({"GET", actor(c), any_json()});
  if (!answer) return server.code();
  return print_value(output_form_of(c.output), answer->body);
}

int list_actors(const client_command& c) {
  auto where = native_list(address("actors").segment(c.type).text(), c.limit);
  where.parameter("prefix", c.prefix).parameter("state", c.with_state ? "true" : "false");
  return remote(c, "actor type " + c.type)
      .print_list(where, "actors", c.limit,
                  printer(output_form_of(c.output),
                          {{"KEY", {"key"}}, {"UPDATED", {"updated"}}, {"STATE", {"state"}}}));
}

int unlock_actor(const client_command& c) {
  auto server = of_actor(c);
  return server.ask({"DELETE", actor(c).segment("lock"), no_body()}) ? exit_done : server.code();
}

int list_locks(const client_command& c) {
  return remote(c, "list of locks")
      .print_list(native_list("locks", c.limit), "locks", c.limit,
                  printer(output_form_of(c.output), {{"TYPE", {"actor.type"}},
                                                     {"KEY", {"actor.key"}},
                                                     {"INSTANCE", {"instance"}},
                                                     {"SINCE", {"since"}}}));
}

int list_dead_letters(const client_command& c) {
  return remote(c, "list of dead letters")
      .print_list(native("dead-letters"), "dead_letters", c.limit,
                  printer(output_form_of(c.output), letter_columns()));
}

int retry_dead_letter(const client_command& c) {
  remote server(c, "dead letter " + c.id);
  const auto where = native("dead-letters").segment(c.id).segment("retry");
  return server.ask({"POST", where, no_body()}) ? exit_done : server.code();
}

int drop_dead_letter(const client_command& c) {
  remote server(c, "dead letter " + c.id);
  if (!c.dry_run) {
    const question asked{"DELETE", native("dead-letters").segment(c.id), no_body()};
    return server.ask(asked) ? exit_done : server.code();
  }
  std::optional<std::string> found;
  const bool read = server.each_entry(native("dead-letters"), "dead_letters", [&](std::string one) {
    if (plain_member(one, "id") == c.id) found = std::move(one);
    return !found;
  });
  if (!read) return server.code();
  if (!found) return complain("there is no dead letter " + c.id, exit_not_found);
  printer out(output_form_of(c.output), letter_columns());
  out.add(std::move(*found));
  return out.end();
}

}  // namespace reprise::gateway
