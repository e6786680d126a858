// The sources of option values, in order of precedence: command line, environment, TOML file, default.
//
//   data = "/var/lib/shop"      # the long name of an option, without its dashes
//   host = ["shop.example"]
//
// CLI11 handles all but the file. Its own file reader is not used: it lets the file override the
// environment, accepts invalid TOML, and cannot report the line of an error.

#pragma once

#include <string>
#include <vector>

#include <CLI/App.hpp>

#include "actors/failure.hpp"

namespace reprise::gateway {

// Adds `--config FILE` to the command, and an environment variable to each option without one:
// `--gateway-threads` has REPRISE_GATEWAY_THREADS. `file` must outlive the parsing.
void add_configuration(CLI::App& command, std::string& file);

// The value of an option and its source.
struct setting {
  std::string option;  // without dashes
  std::string value;
  std::string origin;  // "flag", "REPRISE_DATA", "shop.toml line 3", "default"
};
// Applies the file to a parsed command: sets the options that no stronger source has set, and returns
// all options. `file` may be empty. A `port` has an empty value if `listen` comes from a stronger source.
// Failure: cause::invalid, naming the file, the line and the key.
result<std::vector<setting>> configure(CLI::App& command, const std::string& file);

struct config_command {
  std::string file;
  std::string output;   // as client_command::output
  bool origin = false;  // print the sources too
};
// Prints the effective options of `command`. Returns the exit code.
int show_configuration(CLI::App& command, const config_command&);

}  // namespace reprise::gateway
