// The same application as a program of its own.

#include <reprise/main.hpp>

#include "leave.hpp"

int main(int argc, char** argv) { return reprise::main(argc, argv, leave::application()); }
