# Input and output of the activity reprise.http. Both are in histories: fields are added, never changed.
# Neither contains secrets: a request names a token.

@0xd6f1c3a98b2e4571;
using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("reprise::http");

struct Field { name @0 :Text; value @1 :Text; }

struct Request {
  method @0 :Text;               # empty: GET
  url @1 :Text;                  # absolute
  fields @2 :List(Field);
  body @3 :Text;
  data @4 :Data;                 # a body that is not text; only one of the two
  token @5 :Text;                # a name, never a secret; empty: none
  timeoutMilliseconds @6 :UInt32;  # of one attempt, redirects included; 0: the application's
  retryStatuses @7 :List(UInt16);  # statuses that are retryable failures
  idempotencyKey @8 :Bool;       # send an Idempotency-Key, the same for every attempt
  origin @9 :Text;               # of a poll: the first URL; fields and token are for its origin
}

struct Response {
  status @0 :UInt16;             # 100 to 599
  fields @1 :List(Field);        # names in lower case, in the order received
  body @2 :Text;                 # a body that is UTF-8
  data @3 :Data;                 # any other body; only one of the two
  url @4 :Text;                  # the URL that answered, after redirects
  location @5 :Text;             # the field Location, absolute; empty: none
}
