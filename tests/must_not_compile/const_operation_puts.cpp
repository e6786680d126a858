// refused: a const member function only reads

#include "tests/actors/shop.hpp"

struct shelf {
  reprise::table<std::string, std::string> lines{"lines"};
  reprise::result<> reserve(shop::Ask::Reader, shop::Grant::Builder) const {
    lines.put("a", "b");
    return reprise::done;
  }
};
