// The records of the locks table, all of them: what a node cannot run without.

#pragma once

#include "actors/failure.hpp"
#include "runtime/actor/lock_table.hpp"
#include "runtime/reading/read_records.hpp"

namespace reprise::runtime {

// cause::corrupt: one is damaged, and nobody can say who holds what.
result<lock_table::contents> read_locks(const read_records&);

}  // namespace reprise::runtime
