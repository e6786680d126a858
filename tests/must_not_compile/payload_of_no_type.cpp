// refused: this is no payload

#include "tests/actors/shop.hpp"

struct mine {};
constexpr reprise::activity<mine, std::string> hello{"hello"};
