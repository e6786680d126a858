// refused: an activity is not told, because nobody would hear that it failed

#include "tests/actors/shop.hpp"

reprise::task<> body() {
  co_await reprise::tell(shop::charge([](auto bill) { bill.setCents(1); }));
}
