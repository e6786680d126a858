// The critical section that an orchestration is in: which actors it asked to hold, and what it may
// not do until it has released them.
//
// Actors are asked for in the order of their addresses, and whoever holds some waits for nobody but
// them: so two sections never wait for each other. Every rule here keeps that true.

#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "actors/failure.hpp"
#include "actors/request.hpp"

namespace reprise::internal {

class open_section {
 public:
  bool open() const noexcept { return open_; }
  // Why these cannot be a section: their names, their number.
  static std::optional<failure> refusal(const std::vector<actor_ref>&);

  void begin(const std::vector<actor_ref>& sorted);
  void asked(std::uint64_t step) noexcept {
    if (!first_) first_ = step;
  }
  void end() noexcept;
  // Its first lock step, which names it; none before anything was asked for.
  std::optional<std::uint64_t> first() const noexcept { return first_; }

  // Why this cannot be asked for now; nothing outside of a section.
  std::unique_ptr<failure> refusal(const request&) const;
  failure told(const request&) const;  // likewise of a tell, when it is open

 private:
  bool open_ = false;
  std::optional<std::uint64_t> first_;
  std::vector<actor_ref> actors_;  // sorted
};

}  // namespace reprise::internal
