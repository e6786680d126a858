@0xc8a2d4e6b1907f35;
using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("examples::tree");

struct Branch { depth @0 :UInt32; width @1 :UInt32; }
struct Count { leaves @0 :UInt64; }
