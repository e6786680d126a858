// The same application as a module, which the installed `reprise` loads.

#include <gateway/module.hpp>

#include "leave.hpp"

REPRISE_MODULE(leave::bind)
