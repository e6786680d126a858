#include "gateway/main.hpp"

#include <iostream>

#include <CLI/CLI.hpp>

#include "gateway/internal/commands.hpp"
#include "gateway/internal/crash_handlers.hpp"
#include "gateway/internal/key_command.hpp"
#include "gateway/internal/serve_options.hpp"

namespace reprise {

namespace {

using namespace gateway;

void add_server(CLI::App& command, client_command& c) {
  command.add_option("--server", c.server, "URL of the server")
      ->envname("REPRISE_SERVER")
      ->capture_default_str();
}

void add_client(CLI::App& app, client_command& c) {
  auto* start = app.add_subcommand("start", "Start an orchestration; prints its instance id");
  start->add_option("name", c.name, "Name of the orchestration")->required();
  start->add_option("--id", c.id, "Instance id; one is made up when it is not given");
  start->add_option("--input", c.input, "Input as JSON");
  start->add_flag("--wait", c.wait, "Wait for the end and print the output");
  start->footer("Example: reprise start fan_out --input '{\"count\":100}' --wait");
  auto* status = app.add_subcommand("status", "Show an instance as JSON");
  status->add_option("id", c.id, "Instance id")->required();
  status->add_flag("--history", c.history, "With everything that happened to it");
  auto* raise = app.add_subcommand("raise", "Send an event to an instance");
  raise->add_option("id", c.id, "Instance id")->required();
  raise->add_option("event", c.name, "Name of the event")->required();
  raise->add_option("value", c.input, "Value as JSON; null when it is not given");
  raise->footer("Example: reprise raise order-1 verdict '{\"approved\":true}'");
  auto* terminate = app.add_subcommand("terminate", "End an instance where it stands");
  terminate->add_option("id", c.id, "Instance id")->required();
  terminate->add_option("--reason", c.input, "Kept as its output");
  for (auto* command : {start, status, raise, terminate}) add_server(*command, c);
}

struct store_command {
  std::string folder;
  bool cut = false;
};

void add_store(CLI::App& app, store_command& c) {
  auto* store = app.add_subcommand("store", "Look into a data folder that no server holds");
  store->require_subcommand(1);
  auto* check = store->add_subcommand("check", "Verify every record; says what is wrong where");
  check->add_option("folder", c.folder, "The data folder")->required();
  check->add_flag("--cut", c.cut,
                  "Cut a damaged log where its good part ends: what follows is lost");
  auto* dump = store->add_subcommand("dump", "Print every record, one JSON object a line");
  dump->add_option("folder", c.folder, "The data folder")->required();
}

void add_replay(CLI::App& app, replay_command& c) {
  auto* replay = app.add_subcommand(
      "replay",
      "Replay instances of a data folder that no server holds against this program's code");
  replay->add_option("folder", c.folder, "The data folder")->required();
  replay->add_option("id", c.id, "Instance id");
  replay->add_flag("--all", c.all, "Every instance: does this build fit what runs?");
  replay->footer(
      "Example, before a deployment: shop replay shop.db --all\n"
      "Changes nothing. Exit code 5: the code does not fit a history.");
}

}  // namespace

int main(int argc, char** argv, application application) {
  CLI::App app("Durable actors and orchestrations over HTTP: one program, one data folder.");
  app.set_version_flag("--version", std::string("reprise " REPRISE_VERSION));
  app.require_subcommand(0, 1);  // none is told below: CLI11 would hide a misspelt one
  app.set_help_all_flag("--help-all", "Help of every command");
  serve_command to_serve;
  client_command to_send;
  store_command to_read;
  replay_command to_replay;
  key_command to_make;
  to_send.server = "http://127.0.0.1:7071";
  add_serve(app, to_serve);
  add_client(app, to_send);
  add_store(app, to_read);
  add_replay(app, to_replay);
  add_key(app, to_make);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? exit_done : exit_usage;  // help and version are no errors
  }
  if (app.got_subcommand("serve")) return serve(to_serve, std::move(application));
  if (app.got_subcommand("key")) return make_key(to_make);
  if (app.got_subcommand("start")) return start(to_send);
  if (app.got_subcommand("status")) return status(to_send);
  if (app.got_subcommand("raise")) return raise(to_send);
  if (app.got_subcommand("terminate")) return terminate(to_send);
  install_crash_handlers();  // what follows reads folders that may be damaged
  if (app.got_subcommand("replay")) return replay(to_replay, application);
  const auto* store = app.get_subcommand("store");
  if (!app.got_subcommand(store)) {
    std::cerr << app.help() << "\nA subcommand is needed.\n";
    return exit_usage;
  }
  if (store->got_subcommand("check")) return check_store(to_read.folder, to_read.cut);
  return dump_store(to_read.folder);
}

}  // namespace reprise
