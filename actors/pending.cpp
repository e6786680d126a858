#include "actors/pending.hpp"

namespace reprise::internal {

next_awaiter::next_awaiter(steps& run, next_of what) : run_(run), asked_(std::move(what.asked())) {}

namespace {
bool none_left(const std::vector<ticket>& asked) {
  for (auto one : asked)
    if (one != no_ticket) return false;
  return true;
}
}  // namespace

bool next_awaiter::await_ready() const noexcept {
  return run_.running() && (none_left(asked_) || run_.first_settled(asked_) < asked_.size());
}

std::size_t next_awaiter::await_resume() {
  if (none_left(asked_))
    throw failed({cause::invalid, "next: every pending in the list was awaited before", false});
  return run_.first_settled(asked_);
}

}  // namespace reprise::internal
