// Where the options of a command get their values: the command line, else the environment, else a TOML
// file, else their defaults.
//
//   data = "/var/lib/shop"      # the long name of an option, without its dashes
//   host = ["shop.example"]
//
// CLI11 has the first two and the last. Its own reader of files is not used: it puts the file above
// the environment, takes what is no TOML, and cannot say in which line something is wrong.

#pragma once

#include <string>
#include <vector>

#include <CLI/App.hpp>

#include "actors/failure.hpp"

namespace reprise::gateway {

// Gives the command `--config FILE`, and each option without one a name in the environment:
// `--gateway-threads` has REPRISE_GATEWAY_THREADS. `file` must outlive the parsing.
void add_configuration(CLI::App& command, std::string& file);

// To a command that was parsed: sets what the file says and nothing stronger has said. `file` may be
// empty. A `port` that `listen` from a stronger place overrules has no value in what is given back.
// cause::invalid names the file, the line and the key that is wrong.
struct setting {
  std::string option;  // without dashes
  std::string value;
  std::string origin;  // "flag", "REPRISE_DATA", "shop.toml line 3", "default"
};
result<std::vector<setting>> configure(CLI::App& command, const std::string& file);

struct config_command {
  std::string file;
  std::string output;   // as client_command::output
  bool origin = false;  // where the values come from, too
};
// Prints what `command` would run with; gives the exit code.
int show_configuration(CLI::App& command, const config_command&);

}  // namespace reprise::gateway
