// refused: a transient call may be lost in a crash

#include "tests/actors/shop.hpp"

constexpr reprise::transient_operation<shop::Stock, reprise::none, reprise::none> beat{shop::stock,
                                                                                       "beat"};
reprise::task<> body() { co_await beat("tea"); }
