// Answers "why is it waiting?": what an unfinished instance waits for, since when, and what must
// happen. Read from committed records and from what runs now; no host is activated for it.

#pragma once

#include <functional>
#include <string>

#include "runtime/instance_types.hpp"

namespace reprise::runtime {

struct turn_services;

void explain(turn_services&, std::string id, std::function<void(result<instance_waits>)> told);

}  // namespace reprise::runtime
