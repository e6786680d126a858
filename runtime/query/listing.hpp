// Lists instances and actors as last committed, in pages; purges by filter, in slices. No list is ever
// in memory as a whole, and nobody has to wait for a long one.

#pragma once

#include <functional>
#include <string>

#include "runtime/actor_types.hpp"
#include "runtime/instance_types.hpp"

namespace reprise::runtime {

class record_reader;
struct turn_services;

void list_instances(record_reader&, instance_filter, std::string cursor, std::size_t at_most,
                    std::function<void(result<instance_page>)> told);
void list_actors(record_reader&, std::string type, std::string prefix, std::string cursor,
                 std::size_t at_most, std::function<void(result<actor_page>)> told);

// Purges every ended instance that matches, each in its own transition, and reports how many. Stops at
// `until` (node time).
void purge_instances(turn_services&, instance_filter, time_point until,
                     std::function<void(result<purge_report>)> told);

}  // namespace reprise::runtime
