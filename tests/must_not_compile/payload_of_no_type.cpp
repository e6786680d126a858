// refused: payload_value

#include "tests/actors/shop.hpp"

struct mine {};
constexpr reprise::activity<mine, std::string> hello{"hello"};
