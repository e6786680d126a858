// Instances that keep everything they received, for the rows about long histories.

#pragma once

#include <cstddef>
#include <string>

#include "tests/bench/rows.hpp"

namespace reprise::bench {

// One event for the instance.
void raise_more(node&, const std::string& id, closed_loop::done);

// Starts NAME-0, NAME-1, ...; returns how many could not be started.
std::size_t start_remembering(node&, const std::string& name, std::size_t instances);

// Sends this many events in total, round robin over the instances, 256 in flight; returns how many failed.
std::size_t raise_each(node&, const std::string& name, std::size_t instances, std::size_t events);

}  // namespace reprise::bench
