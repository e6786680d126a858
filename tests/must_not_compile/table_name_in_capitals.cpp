// refused by GNU: a_durable_name_has_1_to_64_characters_of_a_to_z_0_to_9_dot_dash_underscore
// Clang 14 does not evaluate it in an initialiser of a member; application::bind refuses it there.

#include "tests/actors/shop.hpp"

struct shelf {
  reprise::table<std::string, std::string> lines{"Lines"};
};
shelf made;
