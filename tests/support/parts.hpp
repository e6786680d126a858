// Small actors and orchestrations that tests combine: every durable name and type.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "actors/reprise.hpp"

namespace reprise::testing::parts {

using number = std::int64_t;
using numbers = std::vector<number>;
using names = std::vector<std::string>;

// A number. `add` rejects an amount that would make it negative.
inline constexpr actor<number> tally{"tally"};
inline constexpr operation<number, number, number> add{tally, "add"};
inline constexpr operation<number, none, number> read{tally, "read"};
inline constexpr operation<number, none, number> wipe{tally, "wipe"};  // erases, gives the old
inline constexpr operation<number, number, number> stretch{
    tally, "stretch"};  // tells itself n times: add 1

// Named entries, each a number.
inline constexpr actor<none> sheet{"sheet"};
inline constexpr operation<none, std::string, number> bump{sheet, "bump"};  // adds one to an entry
inline constexpr operation<none, std::string, none> strike{sheet, "strike"};  // erases an entry
inline constexpr operation<none, none, number> total{sheet, "total"};         // scans all
inline constexpr operation<none, none, numbers> list{sheet, "list"};  // read-only: all values
inline constexpr operation<none, std::string, number> look{sheet,
                                                           "look"};    // read-only: 0 if missing
inline constexpr operation<none, number, number> fill{sheet, "fill"};  // n entries of value 1
inline constexpr operation<none, none, none> tear{sheet, "tear"};      // erases the actor
inline constexpr operation<none, std::string, number> careless{
    sheet, "careless"};  // bump with catch (...)

// Sends numbers base, base + 1, ... to inboxes, round robin: {count, base, inboxes}.
inline constexpr actor<number> hub{"hub"};
inline constexpr operation<number, numbers, number> fan{hub, "fan"};
// Runs the fan `turns` times: {turns, count, inboxes}, one turn each, telling itself.
inline constexpr operation<number, numbers, number> spread{hub, "spread"};
// A call with a delay of an hour: adds 1 to tally `key`.
inline constexpr operation<number, std::string, none> remind{hub, "remind"};

// Raises `nudge` n times at instance "showered", each with 1; shower_and_start then starts it as `collect`.
inline constexpr operation<number, number, none> shower{hub, "shower"};
inline constexpr operation<number, number, none> shower_and_start{hub, "shower_and_start"};
// Tells inbox "in-0" n numbers, due every three seconds in the order of the numbers, in the opposite order.
inline constexpr operation<number, number, none> alarms{hub, "alarms"};
inline constexpr operation<number, none, number> when{hub,
                                                      "when"};  // the turn's time, in nanoseconds

// Checks that the messages of each sender arrive once and in order.
inline constexpr actor<none> inbox{"inbox"};
inline constexpr operation<none, number, none> take{inbox, "take"};
inline constexpr operation<none, none, numbers> seen{inbox, "seen"};  // {taken, out of order}

// Two relays that send each other everything they receive: {hops left, width}.
inline constexpr actor<number> relay{"relay"};
inline constexpr operation<number, numbers, none> pass{relay, "pass"};
inline constexpr operation<number, none, number> passed{relay, "passed"};

inline constexpr activity<number, number> twice{"twice"};
inline constexpr event<number> nudge{"nudge"};

// Adds the input to tally "errand", reads it back, doubles it, tells sheet "errands" and returns
// text made of the value, the time and a unique id.
inline constexpr orchestration<number, std::string> errand{"errand"};
// Collects nudges until one is 0 and returns their sum.
inline constexpr orchestration<none, number> collect{"collect"};
// Sleeps for n seconds and tells tally "woken" to add 1.
inline constexpr orchestration<number, number> nap{"nap"};

// With both tallies locked, moves 1 from the first to the second, with an activity in between.
// Returns what others added to the first meanwhile: 0.
inline constexpr orchestration<names, number> transfer{"parts.transfer"};
// Locks these tallies until a nudge; fails if the nudge is negative, otherwise returns it.
inline constexpr orchestration<names, number> hold{"hold"};

application bound();
application bound_with_examples();
application bound_without_checkout();  // a deployment without it: its instances stall

}  // namespace reprise::testing::parts
