// Employees' leave: an account of days for each, and requests that wait a month for a superior.

#pragma once

#include <string>

#include <reprise/reprise.hpp>

#include "leave.capnp.h"

namespace leave {

inline constexpr reprise::actor<Balance> account{"account"};
inline constexpr reprise::operation<Balance, Wish, Balance> grant{account, "grant"};
inline constexpr reprise::operation<Balance, Wish, Balance> take{account, "take"};

inline constexpr reprise::event<Verdict> verdict{"verdict"};

// Takes the days if they are granted within 30 days.
inline constexpr reprise::orchestration<Wish, std::string> request{"request"};

void bind(reprise::application&);
reprise::application application();

}  // namespace leave
