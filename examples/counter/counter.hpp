// A named number: the smallest durable actor.

#pragma once

#include <reprise/reprise.hpp>

#include "examples/counter/counter.capnp.h"

namespace examples::counter {

inline constexpr reprise::actor<Count> counter{"counter"};
inline constexpr reprise::operation<Count, Add, Count> add{counter, "add"};
inline constexpr reprise::operation<Count, Nothing, Count> get{counter, "get"};
inline constexpr reprise::operation<Count, Nothing, Count> reset{counter, "reset"};

void bind(reprise::application&);

}  // namespace examples::counter
