@0xa7d5a9ef6b1c2d43;
using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("examples::fan_out");

struct Job { count @0 :UInt32; window @1 :UInt32; }   # window 0: all at once
struct Total { sum @0 :UInt64; }
