// refused: a task does not run until it is awaited

#include "tests/actors/shop.hpp"

reprise::task<> inner();
reprise::task<> body() {
  inner();
  co_return;
}
