// An orchestration that starts itself as a child: each node of a tree is one instance.

#pragma once

#include <reprise/reprise.hpp>

#include "examples/tree/tree.capnp.h"

namespace examples::tree {

inline constexpr std::uint64_t max_leaves = 100'000;

inline constexpr reprise::orchestration<Branch, Count> tree{"tree"};

void bind(reprise::application&);

}  // namespace examples::tree
