// Applications that come as shared libraries (gateway/module.hpp).

#pragma once

#include <string>
#include <vector>

#include "actors/application.hpp"

namespace reprise::gateway {

// Loads each and binds what it has. cause::invalid, naming the file: it cannot be loaded, is no
// module, is one of another version or compiler, or binds a name that is taken.
result<> load_modules(const std::vector<std::string>& paths, application&);

}  // namespace reprise::gateway
