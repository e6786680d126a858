// Shows the progress of long work on stderr, if that is a terminal. The destructor erases it.

#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace reprise::gateway {

class progress_bar {
 public:
  // `what`: the label, "copying".
  explicit progress_bar(std::string what);
  ~progress_bar();
  progress_bar(const progress_bar&) = delete;

  // Draws at most ten times a second. `all`: 0 if unknown.
  void show(std::uint64_t done, std::uint64_t all);
  // Erases the bar until the next show(), to print a line meanwhile.
  void hide();

 private:
  const std::string what_;
  const bool watched_;
  bool drawn_ = false;
  std::chrono::steady_clock::time_point next_{};
};

}  // namespace reprise::gateway
