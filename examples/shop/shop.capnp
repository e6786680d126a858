@0xc7d1e5a09b24f3e6;
using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("examples::shop");

struct Stock { available @0 :UInt32; }
struct Ask { quantity @0 :UInt32; }
struct Grant { quantity @0 :UInt32; left @1 :UInt32; }   # what the call moved, and what is on the shelf after it

struct Line { sku @0 :Text; quantity @1 :UInt32; }
struct Order { lines @0 :List(Line); decline @1 :Bool; } # decline: the card company will say no
struct Bill { cents @0 :UInt64; decline @1 :Bool; }
struct Receipt { number @0 :Text; cents @1 :UInt64; }
struct Verdict { approved @0 :Bool; }
struct Outcome { text @0 :Text; }
