// refused, by Clang in a note: a_durable_name_has_1_to_64_characters_of_a_to_z_0_to_9_dot_dash_underscore

#include "tests/actors/shop.hpp"

constexpr reprise::activity<std::string, std::string> hello{"Say Hello"};
