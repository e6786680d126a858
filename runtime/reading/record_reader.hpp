// Interface through which hosts, queries and services read records: the node's store, or a fake in
// tests.

#pragma once

#include "persistence/store.hpp"
#include "runtime/exec/callback.hpp"

namespace reprise::runtime {

class record_reader {
 public:
  // Calls `done` once, from any thread, perhaps before this returns; never after the node is gone.
  virtual void load(persistence::load_request, callback<persistence::load_answer> done) = 0;

 protected:
  ~record_reader() = default;
};

}  // namespace reprise::runtime
