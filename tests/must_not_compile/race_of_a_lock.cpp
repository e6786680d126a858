// refused: a lock is awaited on its own

#include "tests/actors/shop.hpp"

reprise::task<> body() {
  co_await reprise::race(reprise::lock(shop::stock("tea")),
                         reprise::sleep(std::chrono::seconds(1)));
}
