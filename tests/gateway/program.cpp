// The command line over the application that the tests know.

#include "gateway/main.hpp"
#include "tests/gateway/application.hpp"

int main(int argc, char** argv) {
  return reprise::main(argc, argv, reprise::gateway_test::one_of_each());
}
