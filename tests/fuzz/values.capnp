@0xa9c14be07d5f3826;
# One field of each kind that a round trip through JSON keeps.

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("reprise::fuzz");

enum Colour { red @0; green @1; blue @2; }

struct Values {
  flag @0 :Bool;
  tiny @1 :Int8;
  small @2 :UInt16;
  big @3 :Int64;
  huge @4 :UInt64;
  ratio @5 :Float64;
  name @6 :Text;
  bytes @7 :Data;
  colour @8 :Colour;
  numbers @9 :List(UInt8);
  grid @10 :List(List(Int16));
  names @11 :List(Text);
  inner @12 :Values;
  more @13 :List(Values);
  union {
    none @14 :Void;
    circle @15 :UInt32;
    box :group { width @16 :UInt16; height @17 :UInt16; }
  }
}
