// reprise-examples: the whole command line (serve, start, status, store check, ...) with all examples.

#include <exception>
#include <iostream>

#include <reprise/main.hpp>

#include "examples/application.hpp"

int main(int argc, char** argv) try {
  return reprise::main(argc, argv, examples::application());
} catch (const std::exception& wrong) {  // invalid settings of HTTP calls in the environment
  std::cerr << wrong.what() << '\n';
  return 2;
}
