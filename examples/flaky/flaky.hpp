// An activity that fails several times, and a call that retries it.

#pragma once

#include <reprise/reprise.hpp>

#include "examples/flaky/flaky.capnp.h"

namespace examples::flaky {

inline constexpr reprise::activity<Plan, Report> stumble{"stumble"};
inline constexpr reprise::orchestration<Plan, Report> flaky{"flaky"};

void bind(reprise::application&);

}  // namespace examples::flaky
