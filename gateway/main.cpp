#include "gateway/main.hpp"

#include <filesystem>
#include <iostream>

#include <CLI/CLI.hpp>

#include "gateway/cli/client_command_line.hpp"
#include "gateway/cli/command_tree.hpp"
#include "gateway/cli/commands.hpp"
#include "gateway/cli/configuration.hpp"
#include "gateway/cli/console.hpp"
#include "gateway/cli/key_command.hpp"
#include "gateway/cli/option_checks.hpp"
#include "gateway/serve/crash_handlers.hpp"
#include "gateway/serve/modules.hpp"
#include "gateway/serve/serve_options.hpp"

namespace reprise {

namespace {

using namespace gateway;

void add_output(CLI::App& command, std::string& form) {
  command.add_option("--output,-o", form, "How to print: table, json or ndjson")
      ->check(CLI::IsMember({"table", "json", "ndjson"}));
}

// `config show` takes the options of `serve` and prints their effective values.
void add_config(CLI::App& app, config_command& c, serve_command& shown, action& chosen) {
  auto* config = app.add_subcommand("config", "The options of serve as they are");
  config->require_subcommand(1);
  auto* show = add_serve(*config, shown);
  show->name("show")->description("Print the value of every option of serve");
  add_configuration(*show, c.file);
  show->add_flag("--origin", c.origin,
                 "Also where it comes from: flag, environment, file, default");
  add_output(*show, c.output);
  show->footer(example("config show --config shop.toml --origin"));
  show->callback(
      [&c, &chosen, show] { chosen = [&c, show] { return show_configuration(*show, c); }; });
}

void add_store(CLI::App& app, store_command& c, action& chosen) {
  auto* store = app.add_subcommand("store", "Look into a data folder, copy it, bring a copy back");
  store->require_subcommand(1);
  const auto add = [&](const char* name, const char* help, int (*run)(const store_command&)) {
    auto* command = store->add_subcommand(name, help);
    if (run != dump_store)
      command->add_option("-o,--output", c.output, "How to print: table, json or ndjson")
          ->check(CLI::IsMember({"table", "json", "ndjson"}));
    command->callback([&c, &chosen, run] {
      chosen = [&c, run] {
        install_crash_handlers();  // the folder may be damaged
        return run(c);
      };
    });
    return command;
  };
  auto* check = add("check", "Verify every record; says what is wrong where", check_store);
  check->add_option("folder", c.folder, "A data folder that no server holds")
      ->required()
      ->check(something());
  check->add_flag("--cut", c.cut,
                  "Cut a damaged log where its good part ends: what follows is lost");
  auto* dump = add("dump", "Print every record, one JSON object a line", dump_store);
  dump->add_option("folder", c.folder, "A data folder that no server holds")
      ->required()
      ->check(something());
  auto* backup = add("backup", "Copy a data folder, also while a server runs on it", back_up_store);
  backup->add_option("folder", c.folder, "The data folder")->required()->check(something());
  backup->add_option("target", c.copy, "The copy; must not be there, or be an empty folder")
      ->required()
      ->check(something());
  backup->footer(
      "The copy is the store at one moment: all that was acknowledged before the backup began.\n"
      "It appears whole or not at all. " +
      example("store backup shop.db monday"));
  auto* restore = add("restore", "Make a data folder from a backup that is sound", restore_store);
  restore->add_option("backup", c.copy, "The backup")->required()->check(something());
  restore->add_option("folder", c.folder, "The data folder; must not be there, or be empty")
      ->required()
      ->check(something());
  restore->add_flag("--dry-run", c.dry_run, "Check the backup only");
  restore->footer(example("store restore monday shop.db"));
}

void add_replay(CLI::App& app, replay_command& c, action& chosen, application& bound) {
  auto* replay = app.add_subcommand(
      "replay",
      "Replay instances of a data folder that no server holds against this program's code");
  replay->add_option("folder", c.folder, "The data folder")->required()->check(something());
  replay->add_option("id", c.id, "Instance id")->check(something());
  replay->add_flag("--all", c.all, "Every instance: does this build fit what runs?");
  replay
      ->add_option("--module", c.modules,
                   "Shared library with an application; several may be given")
      ->allow_extra_args(false);
  add_output(*replay, c.output);
  replay->footer(
      example("replay shop.db --all\n") +
      "For use before a deployment; changes nothing. Exit code 10: the code does not fit a "
      "history.");
  replay->callback([&] {
    chosen = [&] {
      if (const auto all = load_modules(c.modules, bound); !all)
        return complain(all.error().text, exit_usage);
      install_crash_handlers();  // the folder may be damaged
      return gateway::replay(c, bound);
    };
  });
}

void add_doctor(CLI::App& app, doctor_command& c, client_command& server, action& chosen) {
  auto* doctor = app.add_subcommand(
      "doctor", "Look at this machine: would a server serve well, and what is to be done");
  doctor
      ->add_option("--data", c.data,
                   "The data folder, or where it would be; else none is looked at")
      ->check(something())
      ->envname("REPRISE_DATA");
  doctor->add_option("--listen", c.listen, "Where it would listen")
      ->capture_default_str()
      ->envname("REPRISE_LISTEN");
  doctor->add_option("--server", server.server, "URL of a server to ask; else REPRISE_SERVER")
      ->capture_default_str();
  add_output(*doctor, c.output);
  doctor->footer(example("doctor --data shop.db") + ". Exit code 1: something must be done.");
  doctor->callback([&] {
    chosen = [&] {
      c.server = server.server;
      return examine(c);
    };
  });
}

// Adds the commands that are generated from the command tree. `program` is the name in argv[0].
void add_shell(CLI::App& app, std::string& shell, const std::string& program, action& chosen) {
  auto* completion = app.add_subcommand("completion", "Print a script that completes commands");
  completion->add_option("shell", shell, "bash, zsh or fish")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));
  completion->footer("Example: source <(" + program + " completion bash)");
  completion->callback([&] {
    chosen = [&] {
      std::cout << completion_script(app, program, shell);
      return exit_done;
    };
  });
  auto* man = app.add_subcommand("man", "Print the manual page");
  man->footer(example("man | man -l -"));
  man->callback([&] {
    chosen = [&] {
      std::cout << manual_page(app, program, "reprise " REPRISE_VERSION);
      return exit_done;
    };
  });
}

// Describes a usage error. CLI11's own texts are not good enough: it reverses the words that are
// left over and calls a misspelt command an argument.
std::string usage_fault(const CLI::App& app, const CLI::ParseError& e) {
  std::string called;
  const bool lacks_a_command = dynamic_cast<const CLI::RequiredError*>(&e) != nullptr;
  for (const auto* at = &app;; called += at->get_name() + ' ') {
    if (const auto left = at->remaining(); !left.empty()) {
      const auto& word = left.front();
      const auto lists = "; " + called + "--help lists them";
      if (word.starts_with('-') && lacks_a_command) break;
      if (word.starts_with('-')) return "there is no option " + called + word + lists;
      if (!at->get_subcommands({}).empty()) return "there is no command " + called + word + lists;
      return called + "takes no further word: " + word + "; " + called + "--help tells more";
    }
    if (at->get_subcommands().empty()) break;
    at = at->get_subcommands().front();
  }
  return std::string(e.what()) + "; " + called + "--help tells more";
}

}  // namespace

int main(int argc, char** argv, application application) {
  CLI::App app("Durable actors and orchestrations over HTTP: one program, one data folder.");
  app.set_version_flag("--version", std::string("reprise " REPRISE_VERSION));
  app.require_subcommand(0, 1);  // none is reported below: CLI11 would hide a misspelt one
  serve_command to_serve, to_show;
  client_command to_send;
  store_command to_read;
  replay_command to_replay;
  doctor_command to_examine;
  action chosen;
  config_command to_configure;
  key_command to_make;
  auto* serving = add_serve(app, to_serve);
  add_configuration(*serving, to_configure.file);
  serving->callback([&] {
    chosen = [&] {
      const auto settings = configure(*serving, to_configure.file);
      if (!settings) return complain(settings.error().text, exit_usage);
      for (const auto& one : *settings)
        if (one.option == "port" && one.value.empty()) to_serve.port = -1;
      if (const auto all = load_modules(to_serve.modules, application); !all)
        return complain(all.error().text, exit_usage);
      return serve(to_serve, std::move(application));
    };
  });
  add_config(app, to_configure, to_show, chosen);
  add_client(app, to_send, chosen);
  add_store(app, to_read, chosen);
  add_replay(app, to_replay, chosen, application);
  add_doctor(app, to_examine, to_send, chosen);
  add_key(app, to_make)->callback([&] { chosen = [&] { return make_key(to_make); }; });
  const auto program = std::filesystem::path(argc > 0 ? argv[0] : "reprise").filename().string();
  std::string shell;
  add_shell(app, shell, program, chosen);
  // Last: subcommands that are added later would inherit it.
  app.set_help_all_flag("--help-all", "Help of every command");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    if (e.get_exit_code() != 0) return complain(usage_fault(app, e), exit_usage);
    app.exit(e);  // help and version are not errors
    return exit_done;
  }
  if (const auto wrong = misplaced_option(app); !wrong.empty()) return complain(wrong, exit_usage);
  if (chosen) return chosen();
  std::cerr << app.help() << '\n';
  return complain("a command is needed", exit_usage);
}

}  // namespace reprise
