// refused: an operation and an activity run in one go and cannot await

#include "tests/actors/shop.hpp"

reprise::result<std::string> greet(std::string name) {
  co_await reprise::sleep(std::chrono::seconds(1));
  co_return name;
}
