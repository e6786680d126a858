// Lists of instances and actors as last committed, in pages; and purges by filter, in slices: no list
// is ever whole in memory, and nobody waits for a long one.

#pragma once

#include <functional>
#include <string>

#include "runtime/node.hpp"

namespace reprise::runtime {

class record_reader;
struct turn_services;

void list_instances(record_reader&, instance_filter, std::string cursor, std::size_t at_most,
                    std::function<void(result<instance_page>)> told);
void list_actors(record_reader&, std::string type, std::string prefix, std::string cursor,
                 std::size_t at_most, std::function<void(result<actor_page>)> told);

// Every instance that fits and has ended is purged, each in a transition of its own; gives how many.
// `until`: of the clock; then it stops where it is.
void purge_instances(turn_services&, instance_filter, time_point until,
                     std::function<void(result<purge_report>)> told);

}  // namespace reprise::runtime
