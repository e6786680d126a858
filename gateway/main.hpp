// The whole command line of an application, in one call:
//
//   int main(int argc, char** argv) {
//     reprise::application app;
//     app.bind(...);
//     return reprise::main(argc, argv, std::move(app));
//   }
//
// serve runs the application over HTTP until SIGTERM or SIGINT; start, status, raise and terminate
// talk to a server that runs; store check and store dump read a data folder; replay holds its
// histories against this program's code. `--help` has the rest.
//
// Exit codes: 0 done; 1 failed; 2 wrong usage; 3 the instance failed; 4 it was terminated; 5 the
// code does not fit a history; 6 not found; 7 conflict (exists already, or has ended); 9 the server
// cannot be reached or is overloaded; 70 the disk left it open whether something was written: start
// again, the store knows then.
//
// Takes the process's signals (serve). Call it from main, on the main thread, before others start.

#pragma once

#include "actors/application.hpp"

namespace reprise {

int main(int argc, char** argv, application);

}  // namespace reprise
