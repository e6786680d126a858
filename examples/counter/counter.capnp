@0xd5c4f5f1b1a0e3c7;
using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("examples::counter");

struct Count { value @0 :Int64; }    # the state, and the answer of every operation
struct Add { amount @0 :Int64; }
struct Nothing {}
