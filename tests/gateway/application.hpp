// An application with one of everything: what the route tests request.

#pragma once

#include "actors/reprise.hpp"

namespace reprise::gateway_test {

application one_of_each();

}  // namespace reprise::gateway_test
