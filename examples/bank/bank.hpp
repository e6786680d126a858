// Accounts, and transfers between two of them as critical sections.

#pragma once

#include <reprise/reprise.hpp>

#include "examples/bank/bank.capnp.h"

namespace examples::bank {

inline constexpr reprise::actor<Balance> account{"account"};
inline constexpr reprise::operation<Balance, Amount, Balance> deposit{account, "deposit"};
inline constexpr reprise::operation<Balance, Amount, Balance> withdraw{account, "withdraw"};
inline constexpr reprise::operation<Balance, Nothing, Balance> balance{account, "balance"};

inline constexpr reprise::orchestration<Order, Receipt> transfer{"transfer"};

void bind(reprise::application&);

}  // namespace examples::bank
