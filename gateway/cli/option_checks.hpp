// What may follow an option, beyond what CLI11 looks at: it reads "-1" as a number without a sign, 010 as
// eight and "nan" as in range. A check refuses with what was wanted; the parser adds the option's name.

#pragma once

#include <cstdint>

#include <CLI/App.hpp>

namespace reprise::gateway {

CLI::Validator whole_number(std::uint64_t least,
                            std::uint64_t most);    // digits, no more than needed
CLI::Validator seconds(double least, double most);  // 0.5, 30
CLI::Validator something();                         // not empty
CLI::Validator one_json();                          // a whole value
CLI::Validator a_time();                            // ISO 8601, as the API takes it

}  // namespace reprise::gateway
