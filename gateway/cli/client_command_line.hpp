// How the commands that ask a server are spelt.

#pragma once

#include <functional>
#include <string>

#include <CLI/App.hpp>

#include "gateway/cli/client_commands.hpp"

namespace reprise::gateway {

// What was asked for on the command line; gives the exit code.
using action = std::function<int()>;

// Adds the commands, and before them the options that say where the server is; the one that is parsed leaves what it does in `chosen`. `c` and `chosen` must
// outlive the parsing and the action.
void add_client(CLI::App&, client_command& c, action& chosen);

// After parsing: what stands before a command that asks no server, in words; "" when nothing does.
std::string misplaced_option(const CLI::App&);

}  // namespace reprise::gateway
