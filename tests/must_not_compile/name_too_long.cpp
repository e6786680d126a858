// refused, by Clang in a note: a_durable_name_has_1_to_64_characters_of_a_to_z_0_to_9_dot_dash_underscore

#include "tests/actors/shop.hpp"

constexpr reprise::event<std::string> word{
    "a123456789b123456789c123456789d123456789e123456789f123456789g1234"};
