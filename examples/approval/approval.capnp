@0xe1f0c3a85d2b4967;
using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("examples::approval");

struct Request { timeoutSeconds @0 :UInt32; }
struct Decision { approved @0 :Bool; }
struct Answer { outcome @0 :Text; }
