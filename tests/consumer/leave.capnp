@0xd0c8b7a6e5f41325;

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("leave");

struct Wish { days @0 :UInt32; }
struct Balance { left @0 :UInt32; }
struct Verdict { granted @0 :Bool; }
