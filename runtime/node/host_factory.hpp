// Makes the host of an address, by the address's kind.

#pragma once

#include <cstdint>
#include <memory>

#include "runtime/message/message.hpp"

namespace reprise::runtime {

class host;
struct turn_services;

std::shared_ptr<host> make_host(turn_services&, const address&, std::uint64_t epoch);

}  // namespace reprise::runtime
