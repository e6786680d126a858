// An orchestration that runs as long as it is wanted: it polls, sleeps, and continues as new.

#pragma once

#include <string>

#include <reprise/reprise.hpp>

#include "examples/monitor/monitor.capnp.h"

namespace examples::monitor {

inline constexpr reprise::activity<std::uint32_t, std::string> look{"monitor.look"};
inline constexpr reprise::orchestration<Watch, Report> monitor{"monitor"};

void bind(reprise::application&);

}  // namespace examples::monitor
