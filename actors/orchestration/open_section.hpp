// The critical section of an orchestration: which actors it locks, and what it may not do until it
// has released them.
//
// Actors are locked in the order of their addresses, and an orchestration that holds some waits for
// no other actor, so two sections cannot deadlock. Every rule here preserves that.

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
  // Returns why these actors cannot form a section: their names or their number.
  static std::optional<failure> refusal(const std::vector<actor_ref>&);

  void begin(const std::vector<actor_ref>& sorted);
  void asked(std::uint64_t step) noexcept {
    if (!first_) first_ = step;
  }
  void end() noexcept;
  // Its first lock step, which identifies the section; empty before the first lock.
  std::optional<std::uint64_t> first() const noexcept { return first_; }

  // Returns why this request is not allowed now; null outside a section.
  std::unique_ptr<failure> refusal(const request&) const;
  failure told(const request&) const;  // the same for a tell, while a section is open

 private:
  bool open_ = false;
  std::optional<std::uint64_t> first_;
  std::vector<actor_ref> actors_;  // sorted
};

}  // namespace reprise::internal
