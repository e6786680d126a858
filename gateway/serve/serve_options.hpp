// The options of `serve`, among them one for each configurable limit.

#pragma once

#include "gateway/cli/commands.hpp"

namespace CLI {
class App;
}

namespace reprise::gateway {

// Adds the command and returns it.
CLI::App* add_serve(CLI::App&, serve_command&);

}  // namespace reprise::gateway
