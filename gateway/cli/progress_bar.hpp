// How far long work is, on stderr while that is a terminal; nothing otherwise. Gone when it ends.

#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace reprise::gateway {

class progress_bar {
 public:
  // `what` is being done: "copying".
  explicit progress_bar(std::string what);
  ~progress_bar();
  progress_bar(const progress_bar&) = delete;

  // Draws at most ten times a second. `all` may be 0: not known.
  void show(std::uint64_t done, std::uint64_t all);
  // Until it is shown again: where a line is printed meanwhile.
  void hide();

 private:
  const std::string what_;
  const bool watched_;
  bool drawn_ = false;
  std::chrono::steady_clock::time_point next_{};
};

}  // namespace reprise::gateway
