#include <functional>
#include <vector>

#include <CLI/CLI.hpp>

#include "gateway/cli/command_tree.hpp"

namespace reprise::gateway {

namespace {

struct word {
  std::string text, help;
};

// A node of the command tree: the commands that lead to it, each after a space, and what may follow.
struct place {
  std::string at;
  std::vector<word> commands, options;
};

void collect(const CLI::App& app, const std::string& at, std::vector<place>& places) {
  place here{at, {}, {}};
  for (const auto* command : app.get_subcommands({}))
    here.commands.push_back({command->get_name(), command->get_description()});
  for (const auto* option : app.get_options())
    if (!option->get_lnames().empty())
      here.options.push_back({option->get_lnames().front(), option->get_description()});
  places.push_back(std::move(here));
  for (const auto* command : app.get_subcommands({}))
    collect(*command, at + " " + command->get_name(), places);
}

std::string with_escapes(std::string_view text, std::string_view special, std::string_view before) {
  std::string out;
  for (const char c : text) {
    if (special.find(c) != special.npos) out += before;
    out += c;
  }
  return out;
}

// Quotes any text for bash and zsh.
std::string in_quotes(std::string_view text) {
  std::string out = "'";
  for (const char c : text) c == '\'' ? out += "'\\''" : out += c;
  return out + "'";
}

// Returns the patterns of a shell `case` that matches all places.
std::string known_places(const std::vector<place>& places) {
  std::string all;
  for (const auto& one : places)
    if (!one.at.empty()) all += (all.empty() ? "" : "|") + in_quotes(one.at);
  return all;
}

std::string for_bash(const std::vector<place>& places, const std::string& program) {
  std::string out = "# bash completion of " + program + "; made by `" + program +
                    " completion bash`\n_" + program +
                    "() {\n"
                    "  local at='' word words=''\n"
                    "  for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
                    "    case \"$at $word\" in\n"
                    "      " +
                    known_places(places) +
                    ") at=\"$at $word\" ;;\n"
                    "    esac\n"
                    "  done\n"
                    "  case \"$at\" in\n";
  for (const auto& one : places) {
    std::string words;
    for (const auto& w : one.commands) words += w.text + ' ';
    for (const auto& w : one.options) words += "--" + w.text + ' ';
    out += "    " + in_quotes(one.at) + ") words=" + in_quotes(words) + " ;;\n";
  }
  return out +
         "  esac\n"
         "  COMPREPLY=($(compgen -W \"$words\" -- \"${COMP_WORDS[COMP_CWORD]}\"))\n"
         "}\n"
         "complete -o default -F _" +
         program + ' ' + program + '\n';
}

std::string for_zsh(const std::vector<place>& places, const std::string& program) {
  const auto item = [](const std::string& dashes, const word& w) {
    return ' ' + in_quotes(dashes + with_escapes(w.text, ":", "\\") + ':' +
                           with_escapes(w.help, ":", "\\"));
  };
  std::string out = "#compdef " + program + "\n# made by `" + program + " completion zsh`\n_" +
                    program +
                    "() {\n"
                    "  local at='' word\n"
                    "  local -a found\n"
                    "  for word in \"${(@)words[2,CURRENT-1]}\"; do\n"
                    "    case \"$at $word\" in\n"
                    "      (" +
                    known_places(places) +
                    ") at=\"$at $word\" ;;\n"
                    "    esac\n"
                    "  done\n"
                    "  case \"$at\" in\n";
  for (const auto& one : places) {
    out += "    (" + in_quotes(one.at) + ") found=(";
    for (const auto& w : one.commands) out += item("", w);
    for (const auto& w : one.options) out += item("--", w);
    out += " ) ;;\n";
  }
  return out +
         "  esac\n"
         "  _describe " +
         in_quotes(program) + " found || _files\n}\ncompdef _" + program + ' ' + program + '\n';
}

std::string for_fish(const std::vector<place>& places, const std::string& program) {
  const auto fish = [](std::string_view text) {
    return '\'' + with_escapes(text, "\\'", "\\") + '\'';
  };
  std::string known;
  for (const auto& one : places)
    if (!one.at.empty()) known += ' ' + fish(one.at);
  std::string out = "# fish completion of " + program + "; made by `" + program +
                    " completion fish`\nfunction __" + program +
                    "_at\n"
                    "  set -l at ''\n"
                    "  for word in (commandline -opc)[2..-1]\n"
                    "    if contains -- \"$at $word\"" +
                    known +
                    "\n"
                    "      set at \"$at $word\"\n"
                    "    end\n"
                    "  end\n"
                    "  test \"$at\" = \"$argv[1]\"\n"
                    "end\n";
  for (const auto& one : places) {
    const auto here =
        "complete -c " + program + " -n " + fish("__" + program + "_at " + fish(one.at));
    for (const auto& w : one.commands)
      out += here + " -f -a " + w.text + " -d " + fish(w.help) + '\n';
    for (const auto& w : one.options) out += here + " -l " + w.text + " -d " + fish(w.help) + '\n';
  }
  return out;
}

}  // namespace

std::string completion_script(const CLI::App& app, const std::string& program,
                              std::string_view shell) {
  std::vector<place> places;
  collect(app, "", places);
  if (shell == "bash") return for_bash(places, program);
  if (shell == "zsh") return for_zsh(places, program);
  if (shell == "fish") return for_fish(places, program);
  return {};
}

}  // namespace reprise::gateway
