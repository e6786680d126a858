// The program `reprise`: the command line without an application. It serves modules, talks to
// servers and inspects data folders.

#include "gateway/main.hpp"

int main(int argc, char** argv) { return reprise::main(argc, argv, {}); }
