@0xb28d4c6f0a9e1537;
using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("examples::flaky");

struct Plan { failures @0 :UInt32; attempts @1 :UInt32; }
struct Report { attempts @0 :UInt32; }
