// What was set aside after it crashed the process `limits::max_crashes` times, as an operator sees it.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "actors/failure.hpp"
#include "actors/payload.hpp"
#include "actors/request.hpp"
#include "actors/time.hpp"

namespace reprise {

enum class dead_letter_kind : std::uint8_t {
  message,   // to an actor; whoever asked was answered with cause::poison
  activity,  // its step was answered with cause::poison
  address,   // an actor or an instance as a whole: it runs nothing until it is retried or dropped
};

struct dead_letter {
  std::string id;  // names it in `retry_dead_letter` and `drop_dead_letter`
  dead_letter_kind kind = dead_letter_kind::message;
  address who;       // of an activity: its instance
  std::string name;  // operation or activity; empty: an address as a whole
  payload input;
  failure why;
  time_point since{};
  unsigned crashes = 0;
};

struct dead_letter_page {
  std::vector<dead_letter> letters;
  std::string next;  // where the next page begins; empty: this was the last
};

}  // namespace reprise
