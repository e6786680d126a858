// refused: the key of a table is an integer or a std::string

#include "tests/actors/shop.hpp"

reprise::table<double, std::string> lines{"lines"};
auto found = lines.find(0.5);
