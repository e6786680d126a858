// refused: await a task where it is called

#include "tests/actors/shop.hpp"

reprise::task<> inner();
reprise::task<> body() {
  auto later = inner();
  co_await later;
}
