// refused: capture by reference here ([&])

#include "tests/actors/shop.hpp"

reprise::task<> body(std::string sku) {
  co_await shop::charge([sku](auto bill) { bill.setCents(sku.size()); });
}
