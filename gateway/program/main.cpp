// reprise: the command line without an application of its own, for clients and for data folders.

#include "gateway/main.hpp"

int main(int argc, char** argv) { return reprise::main(argc, argv, {}); }
