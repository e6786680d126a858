#include "gateway/cli/client_command_line.hpp"

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include <CLI/CLI.hpp>

#include "gateway/cli/commands.hpp"
#include "gateway/cli/console.hpp"
#include "gateway/cli/option_checks.hpp"

namespace reprise::gateway {

namespace {

using c = client_command;

// Which values an argument accepts.
enum class takes : std::uint8_t { something, anything, json, time };

// One argument or option, in the notation of CLI11: `id` is required, `[id]` is optional, `--id` is an
// option.
struct word {
  std::string name;
  std::variant<std::string c::*, bool c::*, std::uint64_t c::*> to;
  const char* help;
  takes what = takes::something;
};

struct command {
  std::string name;  // "actor call": of a group
  const char* help;
  int (*run)(const client_command&);
  std::vector<word> words;
  const char* example = "";
};

struct group {
  const char* name;
  const char* help;
};
const group groups[] = {{"actor", "Ask actors, list them, free one from its lock"},
                        {"deadletter", "What was set aside after it crashed its host"}};

const word id{"id", &c::id, "Instance id"};
const word output{"--output,-o", &c::output, "How to print: table, json or ndjson"};
const word limit{"--limit", &c::limit, "At most so many; 0: all"};
const word reason{"--reason", &c::reason, "Kept with it, for those who read its history",
                  takes::anything};
const word once{"--idempotency-key", &c::once,
                "The same key again gets the same answer, and nothing is done twice"};
const word recursive{"--recursive", &c::recursive, "Its children too"};
const word dry_run{"--dry-run", &c::dry_run, "List what would go, and leave it"};
const word letter{"id", &c::id, "Id of the dead letter"};
const word type{"type", &c::type, "Type of the actor"};
const word key{"key", &c::key, "Key of the actor"};
const word operation{"operation", &c::operation, "Name of the operation"};
const word input{"[input]", &c::input, "Input as JSON", takes::json};
const word prefix{"--prefix", &c::prefix, "Only those that begin like this", takes::anything};
const word created_from{"--created-from", &c::created_from,
                        "Only those created at this time or later", takes::time};
const word created_to{"--created-to", &c::created_to, "Only those created at this time or earlier",
                      takes::time};

std::vector<command> instance_commands() {
  return {
      {"start",
       "Start an orchestration; prints its instance id",
       start,
       {{"name", &c::name, "Name of the orchestration"},
        {"--id", &c::id, "Instance id; one is made up when it is not given"},
        {"--input", &c::input, "Input as JSON", takes::json},
        {"--version", &c::version, "Which version; the newest when it is not given"},
        {"--at", &c::at, "Not before this time", takes::time},
        once,
        {"--wait", &c::wait, "Wait for the end and print the output"}},
       "start fan_out --input '{\"count\":100}' --wait"},
      {"get", "Show an instance", get, {id, output}, "get order-1"},
      {"status",
       "Show an instance as Durable Functions does",
       status,
       {id, {"--history", &c::history, "With everything that happened to it"}, output},
       "status order-1 --history"},
      {"list",
       "List instances",
       list,
       {prefix,
        {"--orchestration", &c::orchestration, "Only those of this orchestration"},
        {"--state", &c::state,
         "Only those in one of these states: running, completed, failed, terminated, pending, "
         "suspended, stalled; with commas between"},
        created_from,
        created_to,
        {"--updated-before", &c::updated_before, "Only those untouched since this time",
         takes::time},
        {"--with-input", &c::with_input, "With their inputs (json and ndjson)"},
        limit,
        output},
       "list --state running,suspended --updated-before 2026-01-01"},
      {"wait",
       "Wait for the end of an instance and print its output",
       wait,
       {id},
       "wait order-1 --timeout 60"},
      {"history", "Show what happened to an instance", history, {id, output}, "history order-1"},
      {"why",
       "Show what an instance waits for, since when, and who owes it",
       why,
       {id, output},
       "why order-1"},
  };
}

std::vector<command> steering_commands() {
  return {
      {"raise",
       "Send an event to an instance",
       raise,
       {id,
        {"event", &c::name, "Name of the event"},
        {"[value]", &c::input, "Value as JSON", takes::json},
        once},
       "raise order-1 verdict '{\"approved\":true}'"},
      {"terminate",
       "End an instance where it stands",
       terminate,
       {id, {"--reason", &c::reason, "Kept as its output", takes::anything}, recursive, once},
       "terminate order-1 --reason 'ordered twice'"},
      {"suspend",
       "Let an instance rest until it is resumed",
       suspend,
       {id, reason, once},
       "suspend order-1 --reason lunch"},
      {"resume", "Let a suspended instance go on", resume, {id, reason, once}, "resume order-1"},
      {"rewind",
       "Take back the failures of a failed instance and let it go on",
       rewind,
       {id, reason, once},
       "rewind order-1"},
      {"restart",
       "Start an instance again with its input; prints the new id",
       restart,
       {id,
        {"--same-id", &c::same_id, "Under the id that it has; it must have ended"},
        {"--new-id", &c::new_id, "Under this id; one is made up when none is given"},
        once},
       "restart order-1"},
      {"purge",
       "Forget instances that have ended; prints how many",
       purge,
       {{"[id]", &c::id, "Instance id"},
        created_from,
        created_to,
        {"--state", &c::state, "Only those completed, failed or terminated; with commas between"},
        recursive,
        dry_run,
        output},
       "purge --created-from 2026-01-01 --state completed --dry-run"},
  };
}

std::vector<command> actor_commands() {
  return {
      {"actor call",
       "Run an operation and print its answer",
       call_actor,
       {type, key, operation, input, once, output},
       "actor call stock tea restock '{\"quantity\":10}'"},
      {"actor tell",
       "Run an operation; its answer is not told",
       tell_actor,
       {type, key, operation, input, once},
       "actor tell counter visits add '{\"amount\":1}'"},
      {"actor get",
       "Show the state of an actor",
       get_actor,
       {type, key, output},
       "actor get stock tea"},
      {"actor list",
       "List the actors of a type",
       list_actors,
       {type, prefix, {"--with-state", &c::with_state, "With their states"}, limit, output},
       "actor list stock --with-state"},
      {"actor locks",
       "List the actors that critical sections have, and whose sections they are",
       list_locks,
       {limit, output},
       "actor locks"},
      {"actor unlock",
       "End the hold of the critical section that has the actor",
       unlock_actor,
       {type, key, once},
       "actor unlock stock tea"},
      {"deadletter list",
       "List what was set aside",
       list_dead_letters,
       {limit, output},
       "deadletter list"},
      {"deadletter retry",
       "Give it another try",
       retry_dead_letter,
       {letter},
       "deadletter retry 0c1f"},
      {"deadletter drop",
       "Forget it",
       drop_dead_letter,
       {letter, dry_run, output},
       "deadletter drop 0c1f --dry-run"},
  };
}

CLI::Option* add_text(CLI::App& to, const word& one, const std::string& name, std::string& into) {
  auto* option = to.add_option(name, into, one.help);
  if (option->check_name("--output"))
    return option->check(CLI::IsMember({"table", "json", "ndjson"}));
  if (option->check_name("--version")) return option->check(whole_number(0, UINT32_MAX));
  if (one.what == takes::json) return option->check(one_json());
  if (one.what == takes::time) return option->check(a_time());
  return one.what == takes::something ? option->check(something()) : option;
}

void add_word(CLI::App& to, const word& one, client_command& into) {
  const bool optional = one.name.starts_with('[');
  const bool positional = optional || !one.name.starts_with('-');
  const auto name = optional ? one.name.substr(1, one.name.size() - 2) : one.name;
  auto* option = std::visit(
      [&](auto member) -> CLI::Option* {
        if constexpr (std::is_same_v<decltype(member), bool c::*>)
          return to.add_flag(name, into.*member, one.help);
        else if constexpr (std::is_same_v<decltype(member), std::uint64_t c::*>)
          return to.add_option(name, into.*member, one.help)->check(whole_number(0, UINT32_MAX));
        else
          return add_text(to, one, name, into.*member);
      },
      one.to);
  if (positional && !optional) option->required();
}

// The options of the connection (server, credentials, timeout) may precede or follow the command. Those
// that follow are read last, and only those that precede have environment variables, so that a flag
// overrides a variable in both places.
enum class position { before, behind };

void add_connection(CLI::App& to, client_command& into, position where) {
  const auto add = [&](const char* name, std::string& text, const char* help,
                       const char* variable) {
    auto* option = to.add_option(name, text, help)->check(something())->group("Server");
    if (where == position::before) option->envname(variable);
    return option;
  };
  add("--server", into.server, "URL of the server; else REPRISE_SERVER", "REPRISE_SERVER")
      ->capture_default_str();
  add("--key-file", into.key_file,
      "File with the key to send; else REPRISE_KEY is the key, if it is set", "REPRISE_KEY_FILE");
  add("--ca", into.tls.ca, "CAs, PEM, that a https server is trusted by; else the system's",
      "REPRISE_CA");
  add("--cert", into.tls.certificate, "Certificate to show to a https server, with --cert-key",
      "REPRISE_CERT");
  add("--cert-key", into.tls.private_key, "Its private key", "REPRISE_CERT_KEY");
  to.add_option(
        "--timeout", into.timeout,
        "Seconds for an answer (30), or where the end of an instance is waited for, for that "
        "(0: for ever)")
      ->check(whole_number(0, 366 * 86'400))
      ->group("Server");
}

CLI::App* parent_of(CLI::App& app, const std::string& group_name) {
  for (auto* known : app.get_subcommands({}))
    if (known->get_name() == group_name) return known;
  for (const auto& one : groups)
    if (one.name == group_name)
      return app.add_subcommand(one.name, one.help)->require_subcommand(1);
  return &app;
}

void add_command(CLI::App& app, const command& one, client_command& into, action& chosen) {
  const auto blank = one.name.find(' ');
  auto* parent = blank == std::string::npos ? &app : parent_of(app, one.name.substr(0, blank));
  auto* added = parent->add_subcommand(
      blank == std::string::npos ? one.name : one.name.substr(blank + 1), one.help);
  for (const auto& each : one.words) add_word(*added, each, into);
  add_connection(*added, into, position::behind);
  added->footer(example(one.example));
  added->callback([&into, &chosen, run = one.run] {
    chosen = [&into, run] {
      if (into.tls.certificate.empty() != into.tls.private_key.empty())
        return complain("--cert and --cert-key go together", exit_usage);
      return run(into);
    };
  });
}

}  // namespace

void add_client(CLI::App& app, client_command& into, action& chosen) {
  add_connection(app, into, position::before);
  for (const auto& commands : {instance_commands(), steering_commands(), actor_commands()})
    for (const auto& one : commands) add_command(app, one, into, chosen);
}

std::string misplaced_option(const CLI::App& app) {
  const auto* leaf = &app;
  while (!leaf->get_subcommands().empty()) leaf = leaf->get_subcommands().front();
  if (leaf == &app) return {};
  for (const auto* option : app.parse_order())
    if (option->get_group() == "Server" &&
        leaf->get_option_no_throw("--" + option->get_lnames().front()) == nullptr)
      return "--" + option->get_lnames().front() + " means nothing to " + leaf->get_name();
  return {};
}

}  // namespace reprise::gateway
