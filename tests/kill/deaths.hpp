// Chooses at random how a server of the kill loop dies: after a time, or at a kill point.

#pragma once

#include <map>
#include <random>
#include <string>
#include <string_view>

#include "tests/kill/server_process.hpp"

namespace reprise::kill {

enum class deaths_at { times, points, mixed };

class deaths {
 public:
  deaths(deaths_at how, std::uint64_t seed) : how_(how), chance_(seed) {}

  // Starts the server, lets it run and kills it. Calls `started` each time it listens.
  template <class Started>
  void one(server_process& server, const Started& started) {
    choose();
    const bool lives = place_.empty() ? (server.start(), true) : server.start_to_die_at(place_);
    if (!lives) return count(name_);
    started();
    end(server);
  }

  // Prints one line: how often it died where.
  void print() const;

 private:
  void choose();
  void end(server_process&);
  void count(std::string_view where) { ++counts_[std::string(where)]; }

  deaths_at how_;
  std::mt19937_64 chance_;
  std::string place_, name_;  // "point:n" and its point; empty: after a time
  int patience_ = 0;          // milliseconds
  std::size_t next_ = 0;
  std::map<std::string, unsigned> counts_;
};

}  // namespace reprise::kill
