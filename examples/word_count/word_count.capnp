@0xb5e8f0a1927d3c64;
using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("examples::word_count");

struct Texts { texts @0 :List(Text); }              # none: the text that comes with the example
struct Words { words @0 :List(Entry); }
struct Entry { word @0 :Text; count @1 :UInt64; }
