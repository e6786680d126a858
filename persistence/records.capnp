@0xb7a9d0c4f1e25836;
# Every value on disk, one struct per table. Field numbers are the disk format: only ever add.
# docs/disk-format.md says where future fields go, so that frequently written records do not grow.
# Times are nanoseconds since the Unix epoch. Enumerations are stored as numbers, named in comments.

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("reprise::persistence::records");

struct Failure {
  cause @0 :UInt16; text @1 :Text; retryable @2 :Bool;
  from @3 :Text;             # the step that it came from, as text; empty: none
}
struct Address { kind @0 :UInt8; type @1 :Text; key @2 :Text; }
struct Outcome { union { value @0 :Data; failure @1 :Failure; } }
struct Generation { term @0 :UInt64; position @1 :UInt64; }

# The step of an instance that waits for an answer. Absent: none.
struct ReplyTo {
  instance @0 :Text; generation @1 :Generation; step @2 :UInt64; attempt @3 :UInt32 = 1;
  round @4 :UInt32;          # event number of the rewind that asked for the step again; 0: none
}

struct Retry {
  attempts @0 :UInt32; first @1 :Int64; factor @2 :Float64; max @3 :Int64; total @4 :Int64;
  only @5 :UInt32;           # bits 1 << cause; 0: every cause
}

# actors/(type, key)
struct Actor { state @0 :Data; updated @1 :Int64; }

# entries/(type, key, table, entry key)
struct Entry { value @0 :Data; }

# messages/(destination, lane, term, position, index): a request not yet consumed
struct Message {
  sender @0 :Address;
  sent @1 :Int64;
  replyTo @2 :ReplyTo;
  union {
    call :group { operation @3 :Text; input @4 :Data; }
    start :group { orchestration @5 :Text; startInput @6 :Data; reuse @13 :UInt8; due @14 :Int64; }
    answer :group {
      generation @7 :Generation; step @8 :UInt64; outcome @9 :Outcome; answerAttempt @25 :UInt32 = 1;
      answerRound @29 :UInt32;   # that of the ReplyTo; an answer of an earlier round is dropped
    }
    raised :group { event @10 :Text; value @11 :Data; }
    terminate :group { reason @12 :Text; recursive @15 :Bool; }
    suspend @16 :Text;       # reason
    resume @17 :Text;        # reason
    rewind :group {          # to a child also its start, to start it again if it is gone
      reason @18 :Text; orchestration @27 :Text; input @28 :Data;
    }
    restart @19 :Text;       # id of the instance that the receiver starts again
    purge @20 :Bool;         # including children
    lock @21 :Void;          # an instance asks for the lock of this actor: replyTo names the step
    unlock :group { holder @22 :ReplyTo; forced @23 :Bool; }   # forced: by an operator, for any holder
    erase @24 :Void;         # erase the actor
    traced @26 :TracedMessage;   # wraps the message, so that one without a trace takes no extra space
  }
}
# parent: the W3C traceparent of the span that sent the message, then a space and the tracestate if there
# is one.
struct TracedMessage { parent @0 :Text; message @1 :Message; }

# instances/(id): the header
struct Instance {
  orchestration @0 :Text;
  status @1 :UInt8;          # 0 running, 1 completed, 3 failed, 5 terminated, 6 pending, 7 suspended, 8 stalled;
                             # 4 is reserved for cancelled
  generation @2 :Generation;
  events @3 :UInt64;         # of this generation; checked at every replay
  created @4 :Int64;
  updated @5 :Int64;
  input @6 :Data;
  customStatus @7 :Text;     # JSON; empty: none
  outcome @8 :Outcome;       # terminal only
  openReads @9 :UInt32;      # read-only calls without answer: a resends record exists while > 0
  finding @10 :Text;         # stalled: both sides of the divergence, as text
  parent @11 :ReplyTo;       # the step of another instance that waits for the end
  undone @12 :List(UInt64);  # events that a rewind took back, ascending
  due @13 :Int64;            # pending until then; 0: at once
}

# history/(id, generation, number of the first event): the events of one transition
struct Events { events @0 :List(Event); }
struct Event {
  kind @0 :UInt8;            # actors/history.hpp
  at @1 :Int64;
  target @2 :UInt64;         # of `rewound`: its own number, as the round of its steps; 0: none
  name @3 :Text;
  operation @4 :Text;
  key @5 :Text;              # of `started`, and of an activity in a Request: its trace (TracedMessage)
  value @6 :Data;
  error @7 :Failure;         # absent: none
  due @8 :Int64;
  policy @9 :Retry;          # absent: no retry
  deferred @10 :Bool;        # an input recorded while no code ran; a later `fed` event gives it to the code
  timeout @11 :Int64;        # of one attempt; 0: none
  unlogged @12 :Bool;        # an operation that was sent without a record
  attempts @13 :List(Attempt);   # of `answered`, if more than one: the first 3 and the last 7
}
# One attempt of a step; a time of 0 is unknown.
struct Attempt {
  number @0 :UInt32; queued @1 :Int64; began @2 :Int64; ended @3 :Int64;
  failure @4 :Failure;       # absent: it gave the answer
}

# requests/(id, generation, step): an activity without answer, or a call between two attempts
struct Request {
  attempt @0 :UInt32;        # the running or next one, from 1
  began @1 :Int64;           # the first attempt
  due @2 :Int64;             # not before; 0: at once
  lastFailure @3 :Failure;
  what @4 :Event;
  deadline @5 :Int64;        # of this attempt, a timer; 0: none
  queued @6 :Int64;          # this attempt; 0: as `began`
  attempts @7 :List(Attempt);    # those that failed: the first 3 and the last 7
  round @8 :UInt32;          # the rewind that asked for it again; 0: none
}

# timers/(due, address, term, position, index or step): what fires
struct Timer {
  union {
    step :group { generation @0 :Generation; number @1 :UInt64; }   # of an instance
    message @2 :Message;                                            # to an actor
  }
}

# resends/(id): exists while an instance has an open unlogged request. No fields.
struct Resend {}

# dedup/(address, operation, hash of principal and idempotency key)
struct Dedup { body @0 :UInt64; at @1 :Int64; outcome @2 :Outcome; truncated @3 :Bool; }

# locks/(address of an actor): the holder, and requests that were withdrawn before they were reached
struct Lock {
  holder @0 :ReplyTo;        # absent: free
  since @1 :Int64;
  revoked @2 :List(ReplyTo); # requests still in the messages table: dropped when they are reached
}

# dead letters/(address, message id): a message that was running when the process crashed. With a failure it
# is set aside; without one it is still in its table, and this only counts. The id is 0 for an address as a
# whole. For an activity, the address is kind 3, its name, its instance, and the id is generation and step.
struct DeadLetter {
  message @0 :Message;       # absent: an activity, or an address as a whole
  failure @1 :Failure;       # absent: not set aside yet
  at @2 :Int64;
  crashes @3 :UInt32;
  request @4 :Request;       # of an activity
  blamedTerm @5 :UInt64;     # of an instance: the message of its last crash; 0: none
  blamedPosition @6 :UInt64;
  blamedIndex @7 :UInt64;
}
