@0xb5e1f7a4c2d90361;
using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("reprise::bench");

struct Parcel {
  sent @0 :UInt64;    # nanoseconds of the steady clock; 0: not a sample
  bytes @1 :Data;
}
