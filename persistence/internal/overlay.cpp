#include "persistence/internal/overlay.hpp"

#include <algorithm>
#include <cassert>

namespace reprise::persistence::internal {

void overlay::apply(position first, std::span<const batch> group) {
  for (const auto& b : group) apply(first++, b.bytes());
}

void overlay::apply(position at, std::string_view writes) {
  write_reader in(writes);
  while (const auto w = in.next()) mutable_->apply(*w, at);
  assert(!in.torn());
}

view overlay::look() const {
  const std::scoped_lock lock(mutex_);
  return {durable(), layers_};
}

std::shared_ptr<const layer> overlay::freeze() {
  const std::scoped_lock lock(mutex_);
  assert(mutable_->last() <= durable());
  auto frozen = mutable_;
  mutable_ = std::make_shared<layer>();
  layers_.insert(layers_.begin(), mutable_);
  return frozen;
}

void overlay::drop(const std::shared_ptr<const layer>& gone) {
  const std::scoped_lock lock(mutex_);
  std::erase(layers_, gone);
}

std::size_t overlay::bytes() const {
  const std::scoped_lock lock(mutex_);
  std::size_t sum = 0;
  for (const auto& l : layers_) sum += l->bytes();
  return sum;
}

}  // namespace reprise::persistence::internal
