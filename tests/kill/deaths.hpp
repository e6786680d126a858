// How a server of the kill loop dies: at a moment, or at a named place of the engine, by chance.

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

  // Starts the server, lets it live and has it die. `started` is called each time it listens.
  template <class Started>
  void one(server_process& server, const Started& started) {
    choose();
    const bool lives = place_.empty() ? (server.start(), true) : server.start_to_die_at(place_);
    if (!lives) return count(name_);
    started();
    end(server);
  }

  // One line: how often where.
  void print() const;

 private:
  void choose();
  void end(server_process&);
  void count(std::string_view where) { ++counts_[std::string(where)]; }

  deaths_at how_;
  std::mt19937_64 chance_;
  std::string place_, name_;  // "point:n" and its point; empty: at a moment
  int patience_ = 0;          // milliseconds
  std::size_t next_ = 0;
  std::map<std::string, unsigned> counts_;
};

}  // namespace reprise::kill
