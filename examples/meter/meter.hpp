// An endless stream of events: each generation takes a few, the rest wait for the next one.

#pragma once

#include <cstdint>

#include <reprise/reprise.hpp>

#include "examples/meter/meter.capnp.h"

namespace examples::meter {

inline constexpr reprise::event<std::uint64_t> reading{"reading"};
inline constexpr reprise::orchestration<Count, Total> meter{"meter"};

void bind(reprise::application&);

}  // namespace examples::meter
