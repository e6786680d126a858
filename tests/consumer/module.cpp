// The same application as a module, which the installed `reprise` loads.

#include <reprise/module.hpp>

#include "leave.hpp"

REPRISE_MODULE(leave::bind)
