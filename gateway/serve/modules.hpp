// Loads applications from shared libraries (gateway/module.hpp).

#pragma once

#include <string>
#include <vector>

#include "actors/application.hpp"

namespace reprise::gateway {

// Loads each module and calls its bind function. cause::invalid, naming the file: it cannot be loaded, is
// not a module, was built with other versions or another compiler, or binds a name that is taken.
result<> load_modules(const std::vector<std::string>& paths, application&);

}  // namespace reprise::gateway
