// The scenarios of the crash sweep: a client's whole story with an end that must be the same
// wherever the process was killed.

#pragma once

#include <functional>
#include <string>
#include <vector>

#include "tests/support/client.hpp"

namespace reprise::testing {

struct scenario {
  std::string name;
  // Everything that the client does; the answers that it must get are asserted here.
  std::function<void(client&, world&)> play;
  // The end state as text, the same for every run.
  std::function<std::string(world&)> end;
  // Instances whose earlier generations are in no history any more.
  std::vector<std::string> replaced = {};
};

std::vector<scenario> sweep_scenarios();

}  // namespace reprise::testing
