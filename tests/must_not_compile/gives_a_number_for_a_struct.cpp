// refused: this is not what the task answers with

#include "tests/actors/shop.hpp"

reprise::task<shop::Outcome> body() { co_return 5; }
