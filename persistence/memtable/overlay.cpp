#include "persistence/memtable/overlay.hpp"

#include <algorithm>
#include <cassert>

namespace reprise::persistence::internal {

void overlay::apply(position first, std::span<const batch> group) {
  std::vector<layer::numbered> writes;
  for (const auto& b : group) read(first++, b.bytes(), writes);
  mutable_->apply(writes);
}

void overlay::apply(position at, std::string_view bytes) {
  std::vector<layer::numbered> writes;
  read(at, bytes, writes);
  mutable_->apply(writes);
}

segment_work overlay::load(std::span<const logged_transition> some, last_writes& order) {
  return mutable_->load(some, order);
}

result<log_extent> overlay::load(const std::string& log, std::uint64_t folder_id) {
  last_writes order;
  return scan_log(log, folder_id, durable(),
                  [&](std::span<const logged_transition> some) { return load(some, order); });
}

void overlay::read(position at, std::string_view bytes, std::vector<layer::numbered>& append_to) {
  write_reader in(bytes);
  while (const auto w = in.next()) append_to.push_back({*w, at});
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
