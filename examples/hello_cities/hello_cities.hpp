// Five activities one after the other: the smallest orchestration.

#pragma once

#include <string>
#include <vector>

#include <reprise/reprise.hpp>

namespace examples::cities {

inline constexpr reprise::activity<std::string, std::string> say_hello{"say_hello"};
inline constexpr reprise::orchestration<reprise::none, std::vector<std::string>> hello_cities{
    "hello_cities"};

void bind(reprise::application&);

}  // namespace examples::cities
