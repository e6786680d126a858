// First in, first out, without a byte on the heap while empty: a million idle hosts have four each
// (an empty std::deque holds 576 bytes).

#pragma once

#include <cstddef>
#include <utility>
#include <vector>

namespace reprise::runtime {

template <class T>
class fifo {
 public:
  bool empty() const noexcept { return head_ == items_.size(); }
  std::size_t size() const noexcept { return items_.size() - head_; }

  void push(T item) {
    // What was taken is dropped before the rest has to move to a larger block.
    if (items_.size() == items_.capacity() && head_ > items_.size() / 2) drop_taken();
    items_.push_back(std::move(item));
  }

  T pop() {
    T next = std::move(items_[head_++]);
    if (empty()) clear();
    return next;
  }

  void clear() noexcept {
    head_ = 0;
    if (items_.capacity() > kept)
      items_ = std::vector<T>();
    else
      items_.clear();
  }

 private:
  // A busy host keeps its small block, an idle one keeps no large one.
  static constexpr std::size_t kept = 16;

  void drop_taken() {
    items_.erase(items_.begin(), items_.begin() + static_cast<std::ptrdiff_t>(head_));
    head_ = 0;
  }

  std::vector<T> items_;
  std::size_t head_ = 0;  // items before it are taken
};

}  // namespace reprise::runtime
