// "Why is it waiting?": what an unfinished instance waits for, since when, and who owes it. Read from what
// is committed and from what runs now; nobody is woken for it.

#pragma once

#include <functional>
#include <string>

#include "runtime/node.hpp"

namespace reprise::runtime {

struct turn_services;

void explain(turn_services&, std::string id, std::function<void(result<instance_waits>)> told);

}  // namespace reprise::runtime
