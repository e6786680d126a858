// refused: a lock is taken when it is awaited

#include "tests/actors/shop.hpp"

reprise::task<> body() {
  reprise::lock(shop::stock("tea"));
  co_return;
}
