// All examples in one application, which `reprise-examples` serves and tests and benchmarks run.

#pragma once

#include <reprise/reprise.hpp>

namespace examples {

reprise::application application();

}  // namespace examples
