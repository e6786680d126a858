@0xd7a1e4c2936b5f08;
using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("examples::meter");

struct Count { readings @0 :UInt32; done @1 :UInt32; sum @2 :UInt64; }   # done, sum: so far
struct Total { sum @0 :UInt64; }
