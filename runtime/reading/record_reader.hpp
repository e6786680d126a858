// Whoever reads records for hosts, queries and services: the store of the node, in a test a memory.

#pragma once

#include "persistence/store.hpp"
#include "runtime/exec/callback.hpp"

namespace reprise::runtime {

class record_reader {
 public:
  // `done` is called once, from any thread, perhaps before this returns; never when the node is gone.
  virtual void load(persistence::load_request, callback<persistence::load_answer> done) = 0;

 protected:
  ~record_reader() = default;
};

}  // namespace reprise::runtime
