// The command line of the client commands: their names, arguments and options.

#pragma once

#include <functional>
#include <string>

#include <CLI/App.hpp>

#include "gateway/cli/client_commands.hpp"

namespace reprise::gateway {

// The command that was chosen; returns the exit code.
using action = std::function<int()>;

// Adds the client commands and the options of the connection to the server. The command that is parsed
// sets `chosen`. `c` and `chosen` must outlive the parsing and the action.
void add_client(CLI::App&, client_command& c, action& chosen);

// After parsing: returns an error text if an option of the connection precedes a command that uses no
// server, else "".
std::string misplaced_option(const CLI::App&);

}  // namespace reprise::gateway
