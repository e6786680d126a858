// Checks of option values that are stricter than CLI11's, which accepts "-1" as an unsigned number, reads
// 010 as eight and considers "nan" in range. An error says what was wanted; the parser adds the name of
// the option.

#pragma once

#include <cstdint>

#include <CLI/App.hpp>

namespace reprise::gateway {

CLI::Validator whole_number(std::uint64_t least, std::uint64_t most);  // without leading zeros
CLI::Validator seconds(double least, double most);                     // 0.5, 30
CLI::Validator something();                                            // not empty
CLI::Validator one_json();                                             // one JSON value
CLI::Validator a_time();                                               // ISO 8601, as in the API

}  // namespace reprise::gateway
