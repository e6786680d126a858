// The whole command line of an application, in one call:
//
//   int main(int argc, char** argv) {
//     reprise::application app;
//     app.bind(...);
//     return reprise::main(argc, argv, std::move(app));
//   }
//
// `serve` runs the application over HTTP until SIGTERM or SIGINT. `start`, `list`, `raise`, `actor`
// and similar commands are clients of a running server. `store` inspects, backs up and restores a
// data folder. `replay` runs the code against the histories in a folder. `--help` and
// docs/command-line.md have the rest.
//
// Exit codes: 0 done; 1 failed; 2 wrong usage; 3 the instance failed; 4 it was terminated; 5 the
// wait timed out; 6 not found; 7 conflict (exists already, or has ended); 8 the server does not know
// the API key, or the key lacks the scope; 9 the server is unreachable or overloaded; 10 the code
// does not fit a history, or a node with this code cannot open the folder (replay); 70 the disk did
// not report whether something was written: restart, and the store finds out.
//
// `serve` installs signal handlers. Call main from main(), on the main thread, before other threads
// start.

#pragma once

#include "actors/application.hpp"

namespace reprise {

int main(int argc, char** argv, application);

}  // namespace reprise
