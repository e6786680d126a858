// The options of `serve`: each limit that a person may want to choose has one.

#pragma once

#include "gateway/cli/commands.hpp"

namespace CLI {
class App;
}

namespace reprise::gateway {

// Gives the command.
CLI::App* add_serve(CLI::App&, serve_command&);

}  // namespace reprise::gateway
