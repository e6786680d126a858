// First in, first out, linked through the items' own `next`: an idle host keeps no memory for it, and
// a busy one allocates none.

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
    while (!empty()) pop();  // not one destructor inside the other
  }

  bool empty() const noexcept { return first_ == nullptr; }
  const T* front() const noexcept { return first_.get(); }

  void push(item added) {
    T* last = added.get();
    (empty() ? first_ : last_->next) = std::move(added);
    last_ = last;
  }

  // All of `first` go before what is here.
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
  T* last_ = nullptr;  // of a list that is not empty
};

}  // namespace reprise::runtime
