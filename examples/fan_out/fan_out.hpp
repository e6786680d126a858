// Many activities, all at once or a window of them at a time.

#pragma once

#include <cstdint>

#include <reprise/reprise.hpp>

#include "examples/fan_out/fan_out.capnp.h"

namespace examples::fan_out {

inline constexpr std::uint32_t max_count = 10'000;  // bounds the history of one instance

inline constexpr reprise::activity<std::uint32_t, std::uint32_t> term{"fan_out.term"};
inline constexpr reprise::orchestration<Job, Total> fan_out{"fan_out"};

void bind(reprise::application&);

}  // namespace examples::fan_out
