// All examples in one application: what `reprise-examples` serves, and what tests and benchmarks
// run.

#pragma once

#include "actors/reprise.hpp"

namespace examples {

reprise::application application();

}  // namespace examples
