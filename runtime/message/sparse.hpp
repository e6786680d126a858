// An optional that needs only a pointer's space while empty, for members that few of very many objects
// have. Copies its value as std::optional does, and converts from and to it.

#pragma once

#include <memory>
#include <optional>
#include <utility>

namespace reprise::runtime {

template <class T>
class sparse {
 public:
  sparse() = default;
  sparse(T value) : held_(std::make_unique<T>(std::move(value))) {}
  sparse(std::optional<T> value) {
    if (value) held_ = std::make_unique<T>(*std::move(value));
  }
  sparse(const sparse& other) : held_(other ? std::make_unique<T>(*other) : nullptr) {}
  sparse(sparse&&) noexcept = default;
  sparse& operator=(sparse other) noexcept {
    held_ = std::move(other.held_);
    return *this;
  }

  explicit operator bool() const noexcept { return held_ != nullptr; }
  bool has_value() const noexcept { return held_ != nullptr; }
  T& operator*() noexcept { return *held_; }
  const T& operator*() const noexcept { return *held_; }
  T* operator->() noexcept { return held_.get(); }
  const T* operator->() const noexcept { return held_.get(); }

  template <class... A>
  T& emplace(A&&... from) {
    held_ = std::make_unique<T>(std::forward<A>(from)...);
    return *held_;
  }
  void reset() noexcept { held_.reset(); }

  operator std::optional<T>() const& { return held_ ? std::optional<T>(*held_) : std::nullopt; }
  operator std::optional<T>() && {
    return held_ ? std::optional<T>(std::move(*held_)) : std::nullopt;
  }

  friend bool operator==(const sparse& a, const sparse& b) { return a ? b && *a == *b : !b; }
  friend bool operator==(const sparse& a, const T& b) { return a && *a == b; }
  friend bool operator==(const sparse& a, const std::optional<T>& b) {
    return a ? b && *a == *b : !b;
  }

 private:
  std::unique_ptr<T> held_;
};

}  // namespace reprise::runtime
