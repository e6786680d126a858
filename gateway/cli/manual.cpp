#include <array>

#include <CLI/CLI.hpp>

#include "gateway/cli/command_tree.hpp"
#include "gateway/cli/commands.hpp"

namespace reprise::gateway {

namespace {

struct meaning {
  int code;
  std::string_view what;
};
constexpr std::array meanings{
    meaning{exit_done, "Done."},
    meaning{exit_failed, "Failed."},
    meaning{exit_usage, "Wrong usage, or a wrong configuration."},
    meaning{exit_instance_failed, "The instance failed."},
    meaning{exit_terminated, "The instance was terminated."},
    meaning{exit_timed_out, "The time to wait was up."},
    meaning{exit_not_found, "Not found."},
    meaning{exit_conflict, "Conflict: it exists already, or it has ended."},
    meaning{exit_not_allowed, "The server does not know the key, or the key may not do this."},
    meaning{exit_unavailable, "The server cannot be reached or is overloaded; try again."},
    meaning{exit_diverged, "Replay: the code does not fit a history."},
    meaning{exit_unknown_outcome,
            "The disk left it open whether something was written; start again."},
};

// Escapes text for man(7): no line may be a request, and dashes must not become hyphens.
std::string roff(std::string_view text) {
  std::string out;
  bool at_start = true;
  for (const char c : text) {
    if (at_start && (c == '.' || c == '\'')) out += "\\&";
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else {
      out += c;
    }
    at_start = c == '\n';
  }
  return out;
}

std::string title_of(const CLI::Option& option) {
  if (option.get_positional()) return "\\fI" + roff(option.get_name(true)) + "\\fR";
  std::string title;
  for (const auto& name : option.get_lnames())
    title += (title.empty() ? "\\fB\\-\\-" : "\\fR, \\fB\\-\\-") + roff(name);
  for (const auto& name : option.get_snames()) title += "\\fR, \\fB\\-" + roff(name);
  title += "\\fR";
  if (option.get_expected_max() != 0) title += " \\fIVALUE\\fR";
  return title;
}

void append_options(std::string& page, const CLI::App& command) {
  for (const auto* option : command.get_options()) {
    if (option->check_name("--help")) continue;
    page += ".TP\n" + title_of(*option) + '\n' + roff(option->get_description());
    if (!option->get_envname().empty())
      page += " (environment: \\fB" + roff(option->get_envname()) + "\\fR)";
    if (!option->get_default_str().empty())
      page += " (default: " + roff(option->get_default_str()) + ")";
    page += '\n';
  }
}

void append_commands(std::string& page, const CLI::App& app, const std::string& before) {
  for (const auto* command : app.get_subcommands({})) {
    const auto name = before + command->get_name();
    const auto below = command->get_subcommands({});
    if (below.empty()) {
      page += ".SS " + roff(name) + '\n' + roff(command->get_description()) + ".\n";
      append_options(page, *command);
      if (!command->get_footer().empty()) page += ".PP\n" + roff(command->get_footer()) + '\n';
    }
    append_commands(page, *command, name + " ");
  }
}

}  // namespace

std::string manual_page(const CLI::App& app, const std::string& program, std::string_view version) {
  auto page = ".TH " + roff(program) + " 1 \"\" \"" + roff(version) + "\"\n";
  page += ".SH NAME\n" + roff(program) + " \\- " + roff(app.get_description()) + '\n';
  page += ".SH SYNOPSIS\n.B " + roff(program) + "\n.I command\n[\\fIoptions\\fR]\n";
  page +=
      ".SH DESCRIPTION\nResults go to standard output, everything else to standard error. An "
      "option "
      "comes from the command line, else from the environment, else (serve) from a TOML file.\n";
  page += ".SH OPTIONS\nBefore a command that asks a server, or behind it.\n";
  append_options(page, app);
  page += ".SH COMMANDS\n";
  append_commands(page, app, "");
  page += ".SH EXIT STATUS\n";
  for (const auto& one : meanings)
    page += ".TP\n" + std::to_string(one.code) + '\n' + roff(one.what) + '\n';
  page += ".SH ENVIRONMENT\n.TP\nREPRISE_KEY\nThe key to send to a server.\n";
  page += ".TP\nNO_COLOR\nWhen set, tables are plain on a terminal too.\n";
  page += ".TP\nTERM\nWhen \"dumb\" or not set, nothing is sent that steers a terminal.\n";
  return page;
}

}  // namespace reprise::gateway
