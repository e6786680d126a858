// refused: name what stands in braces on the line before

#include "tests/actors/shop.hpp"

constexpr reprise::activity<std::vector<std::string>, std::string> joined{"joined"};
reprise::task<> body() { co_await joined({"a", "b"}); }
