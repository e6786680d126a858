// A person's decision against a timer.

#pragma once

#include <reprise/reprise.hpp>

#include "examples/approval/approval.capnp.h"

namespace examples::approval {

inline constexpr reprise::event<Decision> decision{"decision"};
inline constexpr reprise::orchestration<Request, Answer> approval{"approval"};

void bind(reprise::application&);

}  // namespace examples::approval
