// reprise-examples: the whole command line (serve, start, status, store check, ...) over all
// examples.

#include "gateway/main.hpp"
#include "examples/application.hpp"

int main(int argc, char** argv) { return reprise::main(argc, argv, examples::application()); }
