// The configurable limits: each with its option of `serve` and a description, for the command line and
// for GET /v1/limits.

#pragma once

#include <chrono>
#include <cstddef>
#include <span>

#include "gateway/limits.hpp"

namespace reprise::gateway {

struct count_limit {
  const char* option;
  std::size_t limits::*value;
  const char* text;
  std::size_t least = 1, most = std::size_t{1} << 40;
};
struct deadline_limit {
  const char* option;  // its value is in seconds
  std::chrono::milliseconds limits::*value;
  const char* text;
};

std::span<const count_limit> count_limits();
std::span<const deadline_limit> deadline_limits();

}  // namespace reprise::gateway
