@0xc515341c39554d82;

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("parcels");

struct Locker { used @0 :UInt32; }
struct Parcel { locker @0 :Text; phone @1 :Text; }
