// Reads all records of the locks table. A node cannot run without them.

#pragma once

#include "actors/failure.hpp"
#include "runtime/actor/lock_table.hpp"
#include "runtime/reading/read_records.hpp"

namespace reprise::runtime {

// cause::corrupt: a record is damaged, so what is held is unknown.
result<lock_table::contents> read_locks(const read_records&);

}  // namespace reprise::runtime
