#include "gateway/cli/key_command.hpp"

#include <fstream>
#include <iostream>
#include <iterator>

#include <CLI/CLI.hpp>

#include "gateway/access/api_keys.hpp"
#include "gateway/cli/commands.hpp"
#include "gateway/cli/console.hpp"

namespace reprise::gateway {

namespace {

// Appends the line if the resulting keys file is valid; names must be unique, for example.
result<> append_line(const std::string& path, const std::string& line) {
  std::string text;
  if (std::ifstream old(path); old) text.assign(std::istreambuf_iterator<char>(old), {});
  std::string added = !text.empty() && text.back() != '\n' ? "\n" : "";
  added += line + '\n';
  if (const auto ring = key_ring::read(text + added); !ring)
    return failure{ring.error().why, path + ": " + ring.error().text, false};
  std::ofstream file(path, std::ios::app);
  file << added << std::flush;
  if (!file) return failure{cause::unavailable, "cannot write " + path, false};
  return done;
}

}  // namespace

CLI::App* add_key(CLI::App& app, key_command& c) {
  auto* key = app.add_subcommand("key", "Make keys for clients of a server");
  key->require_subcommand(1);
  auto* fresh = key->add_subcommand("new", "Print a new key and the line that lets it in");
  fresh->add_option("name", c.name, "Whose it is; shown in logs")->required();
  fresh
      ->add_option("--scopes", c.scopes,
                   "read, start, signal, manage; each may be limited to a type (signal:cart)")
      ->required()
      ->delimiter(',');
  fresh->add_option("--keys", c.file, "Append the line to this keys file; made when not there");
  fresh->footer(
      example("key new till-3 --scopes read,signal:cart --keys keys\n") +
      "The key is printed once and kept nowhere; the file has its hash. A server that runs reads\n"
      "the file again on SIGHUP.");
  return fresh;
}

int make_key(const key_command& c) {
  const auto made = make_key(c.name, c.scopes);
  if (!made) return complain(made.error().text, exit_usage);
  if (c.file.empty()) {
    std::cout << made->secret << '\n' << made->line << std::endl;
    return exit_done;
  }
  if (const auto added = append_line(c.file, made->line); !added)
    return complain(added.error().text, exit_failed);
  std::cout << made->secret << std::endl;
  return exit_done;
}

}  // namespace reprise::gateway
