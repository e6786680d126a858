// refused: a sleep is waited for with co_await

#include "tests/actors/shop.hpp"

reprise::task<> body() {
  reprise::sleep(std::chrono::seconds(1));
  co_return;
}
