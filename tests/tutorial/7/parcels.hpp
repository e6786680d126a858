// A parcel service: lockers, and deliveries to them.

#pragma once

#include <cstdint>
#include <string>

#include <reprise/reprise.hpp>

#include "parcels.capnp.h"

namespace parcels {

inline constexpr reprise::actor<Locker> locker{"locker"};
inline constexpr reprise::operation<Locker, reprise::none, std::uint32_t> put{locker, "put"};
inline constexpr reprise::operation<Locker, reprise::none, std::uint32_t> take{locker, "take"};
inline constexpr reprise::operation<Locker, reprise::none, std::uint32_t> used{locker, "used"};

inline constexpr reprise::activity<Parcel, reprise::none> notify{"notify"};
inline constexpr reprise::event<reprise::none> collected{"collected"};
inline constexpr reprise::orchestration<Parcel, std::string> deliver_1{"deliver"};
inline constexpr reprise::orchestration<Parcel, std::string> deliver{"deliver.2"};

// Binds all but notify: that is for whoever knows a way to send a text.
void bind(reprise::application&);

}  // namespace parcels
