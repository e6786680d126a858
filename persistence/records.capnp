@0xb7a9d0c4f1e25836;
# Every value on disk, one struct per table. Field numbers are the disk format: only ever add.
# Where the fields to come will go, so that hot records do not grow: docs/disk-format.md.
# Times are nanoseconds since the Unix epoch. Names of enumerants in comments; numbers are stored.

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("reprise::persistence::records");

struct Failure {
  cause @0 :UInt16; text @1 :Text; retryable @2 :Bool;
  from @3 :Text;             # the step that it came from, in words; empty: none
}
struct Address { kind @0 :UInt8; type @1 :Text; key @2 :Text; }
struct Outcome { union { value @0 :Data; failure @1 :Failure; } }
struct Generation { term @0 :UInt64; position @1 :UInt64; }

# Who waits for an answer: a step of an instance. Absent: nobody.
struct ReplyTo {
  instance @0 :Text; generation @1 :Generation; step @2 :UInt64; attempt @3 :UInt32 = 1;
  round @4 :UInt32;          # the rewind that asked for the step anew: number of its event; 0: none
}

struct Retry {
  attempts @0 :UInt32; first @1 :Int64; factor @2 :Float64; max @3 :Int64; total @4 :Int64;
  only @5 :UInt32;           # 1 << cause, added up; 0: every cause
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
      answerRound @29 :UInt32;   # that of the ReplyTo; one of an earlier round is dropped
    }
    raised :group { event @10 :Text; value @11 :Data; }
    terminate :group { reason @12 :Text; recursive @15 :Bool; }
    suspend @16 :Text;       # reason
    resume @17 :Text;        # reason
    rewind :group {          # of a child also what its parent asked for: begun anew when it is gone
      reason @18 :Text; orchestration @27 :Text; input @28 :Data;
    }
    restart @19 :Text;       # id of the instance that is started again, by the one that gets this
    purge @20 :Bool;         # children too
    lock @21 :Void;          # an instance asks to hold this actor: replyTo names the step
    unlock :group { holder @22 :ReplyTo; forced @23 :Bool; }   # forced: by an operator, whoever holds it
    erase @24 :Void;         # the actor goes
    traced @26 :TracedMessage;   # the rest is in there: a message without a trace is no byte longer
  }
}
# parent: the traceparent of W3C, whose span is the one that sent the message, and behind a space the
# tracestate that came with it, where there is one.
struct TracedMessage { parent @0 :Text; message @1 :Message; }

# instances/(id): the header
struct Instance {
  orchestration @0 :Text;
  status @1 :UInt8;          # 0 running, 1 completed, 3 failed, 5 terminated, 6 pending, 7 suspended, 8 stalled;
                             # 4 is kept for cancelled
  generation @2 :Generation;
  events @3 :UInt64;         # of this generation; checked whenever it is replayed
  created @4 :Int64;
  updated @5 :Int64;
  input @6 :Data;
  customStatus @7 :Text;     # JSON; empty: none
  outcome @8 :Outcome;       # terminal only
  openReads @9 :UInt32;      # read-only calls without answer: a resends record exists while > 0
  finding @10 :Text;         # stalled: both sides, for a person
  parent @11 :ReplyTo;       # who waits for the end: a step of another instance
  undone @12 :List(UInt64);  # events that a rewind took back, ascending
  due @13 :Int64;            # pending until then; 0: at once
}

# history/(id, generation, number of the first event): the events of one transition
struct Events { events @0 :List(Event); }
struct Event {
  kind @0 :UInt8;            # actors/orchestration/history.hpp
  at @1 :Int64;
  target @2 :UInt64;         # of `rewound`: its own number, the round of what it asks for; 0: it has none
  name @3 :Text;
  operation @4 :Text;
  key @5 :Text;              # of `started`, and of an activity in a Request: its trace, as that of a message; empty: none
  value @6 :Data;
  error @7 :Failure;         # absent: none
  due @8 :Int64;
  policy @9 :Retry;          # absent: no retry
  deferred @10 :Bool;        # an input consumed while no code ran; a later `fed` event feeds it
  timeout @11 :Int64;        # of one attempt; 0: none
  unlogged @12 :Bool;        # an operation that was asked for without a record
  attempts @13 :List(Attempt);   # of `answered`, when there was more than one: the first 3 and the last 7
}
# One attempt at a step; a time of 0 is not known.
struct Attempt {
  number @0 :UInt32; queued @1 :Int64; began @2 :Int64; ended @3 :Int64;
  failure @4 :Failure;       # absent: it gave the answer
}

# requests/(id, generation, step): an activity without answer, or a call between two attempts
struct Request {
  attempt @0 :UInt32;        # the one running or to come, from 1
  began @1 :Int64;           # the first attempt
  due @2 :Int64;             # not before; 0: at once
  lastFailure @3 :Failure;
  what @4 :Event;
  deadline @5 :Int64;        # of this attempt, a timer; 0: none
  queued @6 :Int64;          # this attempt; 0: as `began`
  attempts @7 :List(Attempt);    # those that failed: the first 3 and the last 7
  round @8 :UInt32;          # the rewind that asked for it anew; 0: none
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

# locks/(address of an actor): held, or a lock asked for and no longer wanted before it was reached
struct Lock {
  holder @0 :ReplyTo;        # absent: free
  since @1 :Int64;
  revoked @2 :List(ReplyTo); # requests still in the messages table: dropped when they are reached
}

# dead letters/(address, message id): a message that was running when the process crashed. With a failure it
# is set aside; without, it is where it always was, and this is only the count. The id is 0 for an address as
# a whole; of an activity the address is kind 3, its name, its instance, and the id generation and step.
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
