@0xe1f60b6c2f4a9d15;
using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("examples::bank");

struct Balance { balance @0 :Int64; }   # the state of an account, and the answer of its operations
struct Amount { amount @0 :Int64; }
struct Nothing {}

struct Order { from @0 :Text; to @1 :Text; amount @2 :Int64; }
struct Receipt { applied @0 :Bool; }
