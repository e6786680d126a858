// The whole command line of an application, in one call:
//
//   int main(int argc, char** argv) {
//     reprise::application app;
//     app.bind(...);
//     return reprise::main(argc, argv, std::move(app));
//   }
//
// serve runs the application over HTTP until SIGTERM or SIGINT; start, list, raise, actor and their
// like talk to a server that runs; store reads a data folder, and copies one; replay holds its
// histories against this program's code. `--help` and docs/command-line.md have the rest.
//
// Exit codes: 0 done; 1 failed; 2 wrong usage; 3 the instance failed; 4 it was terminated; 5 the time
// was up (wait); 6 not found; 7 conflict (exists already, or has ended); 8 the server does not know the
// key, or it may not do this; 9 the server cannot be reached or is overloaded; 10 the code does not fit
// a history, or no node with it opens the folder (replay); 70 the disk left it open whether something
// was written: start again, the store knows then.
//
// Takes the process's signals (serve). Call it from main, on the main thread, before others start.

#pragma once

#include "actors/application.hpp"

namespace reprise {

int main(int argc, char** argv, application);

}  // namespace reprise
