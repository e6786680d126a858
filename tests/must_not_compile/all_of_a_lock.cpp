// refused: a lock is awaited on its own

#include "tests/actors/shop.hpp"

reprise::task<> body() {
  co_await reprise::all(reprise::lock(shop::stock("tea")), reprise::lock(shop::stock("cup")));
}
