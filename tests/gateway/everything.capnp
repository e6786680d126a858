@0xd3f0a6c1b9e84725;
# One field of each kind that JSON can meet.

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("reprise::gateway_test");

enum Colour { red @0; green @1; blue @2; }

struct Point { x @0 :Int32; y @1 :Int32; }

struct Everything {
  nothing @0 :Void;
  flag @1 :Bool;
  tiny @2 :Int8;
  small @3 :UInt16;
  count @4 :UInt32;
  big @5 :Int64;
  huge @6 :UInt64;
  ratio @7 :Float64;
  single @8 :Float32;
  name @9 :Text;
  bytes @10 :Data;
  colour @11 :Colour;
  point @12 :Point;
  points @13 :List(Point);
  numbers @14 :List(UInt8);
  grid @15 :List(List(Int16));
  names @16 :List(Text);
  union {
    none @17 :Void;
    circle @18 :UInt32;
    box :group { width @19 :UInt16; height @20 :UInt16; }
  }
  inner @21 :Everything;
  any @22 :AnyPointer;
}

struct Ask { quantity @0 :UInt32; }
struct Stock { quantity @0 :UInt32; left @1 :UInt32; }
struct Wide {
  a @0 :UInt64; b @1 :UInt64; c @2 :UInt64; d @3 :UInt64; e @4 :UInt64; f @5 :UInt64; g @6 :UInt64; h @7 :UInt64;
  i @8 :UInt64; j @9 :UInt64; k @10 :UInt64; l @11 :UInt64; m @12 :UInt64; n @13 :UInt64; o @14 :UInt64; p @15 :UInt64;
}
struct Crowd { all @0 :List(Wide); }
