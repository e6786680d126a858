// An application with one of each: what the route tests talk to.

#pragma once

#include "actors/reprise.hpp"

namespace reprise::gateway_test {

application one_of_each();

}  // namespace reprise::gateway_test
