// The host of an address, by its kind.

#pragma once

#include <cstdint>
#include <memory>

#include "runtime/message/message.hpp"

namespace reprise::runtime {

class engine;
class host;

std::shared_ptr<host> make_host(engine&, const address&, std::uint64_t epoch);

}  // namespace reprise::runtime
