// A parcel service: lockers, and deliveries to them.

#pragma once

#include <cstdint>

#include <reprise/reprise.hpp>

#include "parcels.capnp.h"

namespace parcels {

inline constexpr reprise::actor<Locker> locker{"locker"};
inline constexpr reprise::operation<Locker, reprise::none, std::uint32_t> put{locker, "put"};
inline constexpr reprise::operation<Locker, reprise::none, std::uint32_t> take{locker, "take"};
inline constexpr reprise::operation<Locker, reprise::none, std::uint32_t> used{locker, "used"};

void bind(reprise::application&);

}  // namespace parcels
