@0xf3b1c97a40d5e286;
using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("examples::monitor");

struct Watch { intervalSeconds @0 :UInt32; rounds @1 :UInt32; done @2 :UInt32; }   # done: the rounds so far
struct Report { rounds @0 :UInt32; }
