// Operators' view of what was set aside after it crashed the process `limits::max_crashes` times.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "actors/failure.hpp"
#include "actors/payload.hpp"
#include "actors/request.hpp"
#include "actors/time.hpp"

namespace reprise {

// What was set aside.
enum class dead_letter_kind : std::uint8_t {
  message,   // to an actor; its caller was answered with cause::poison
  activity,  // its step was answered with cause::poison
  address,   // a whole actor or instance: it runs nothing until it is retried or dropped
};

struct dead_letter {
  std::string id;  // the argument of operator_view::retry and drop
  dead_letter_kind kind = dead_letter_kind::message;
  address who;       // for an activity: its instance
  std::string name;  // operation or activity; empty: the whole address
  payload input;
  failure why;
  time_point since{};
  unsigned crashes = 0;
};

// One page of the list of dead letters.
struct dead_letter_page {
  std::vector<dead_letter> letters;
  std::string next;  // cursor of the next page; empty: this was the last
};

}  // namespace reprise
