// A queue linked through the items' own `next`: it needs no memory while idle, and never allocates.

#pragma once

#include <memory>
#include <utility>

namespace reprise::runtime {

template <class T>
class fifo {
 public:
  using item = std::unique_ptr<T>;

  fifo() = default;
  fifo(const fifo&) = delete;
  fifo& operator=(const fifo&) = delete;
  ~fifo() {
    while (!empty()) pop();  // iteratively: nested destructors would overflow the stack
  }

  bool empty() const noexcept { return first_ == nullptr; }
  const T* front() const noexcept { return first_.get(); }

  void push(item added) {
    T* last = added.get();
    (empty() ? first_ : last_->next) = std::move(added);
    last_ = last;
  }

  // Puts all of `first` in front of what is here.
  void prepend(fifo& first) {
    if (first.empty()) return;
    if (empty()) last_ = first.last_;
    first.last_->next = std::move(first_);
    first_ = std::move(first.first_);
  }

  item pop() {
    item next = std::move(first_);
    first_ = std::move(next->next);
    return next;
  }

 private:
  item first_;
  T* last_ = nullptr;  // valid while the list is not empty
};

}  // namespace reprise::runtime
