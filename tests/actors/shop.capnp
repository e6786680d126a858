@0xa3f1c27d905be684;

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("shop");

struct Stock   { available @0 :UInt32; note @1 :Text; }
struct Ask     { quantity @0 :UInt32; }
struct Grant   { quantity @0 :UInt32; left @1 :UInt32; }

struct Order   { lines @0 :List(Line); struct Line { sku @0 :Text; quantity @1 :UInt32; } }
struct Bill    { cents @0 :UInt64; }
struct Receipt { number @0 :Text; cents @1 :UInt64; }
struct Verdict { approved @0 :Bool; }
struct Outcome { text @0 :Text; }
