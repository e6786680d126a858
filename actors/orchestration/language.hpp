// Included before everything else, so that a compiler of an older language version reports one
// error, not 300 lines.

#pragma once

#if __cplusplus < 202002L
#error \
    "reprise: this is C++20: compile with -std=c++20, or in CMake target_compile_features(... cxx_std_20)"
#include <reprise/needs/cxx20>  // ends here
#endif
