// A move-only function that is called once: std::move_only_function is C++23, which g++ 12 in C++20
// mode lacks.

#pragma once

#include <memory>
#include <type_traits>
#include <utility>

namespace reprise::runtime {

template <class... A>
class callback {
 public:
  callback() = default;
  template <class F>
  requires(!std::is_same_v<std::remove_cvref_t<F>, callback>) callback(F f)
      : held_(std::make_unique<of<F>>(std::move(f))) {}

  explicit operator bool() const noexcept { return held_ != nullptr; }
  void operator()(A... a) { held_->call(std::forward<A>(a)...); }

 private:
  struct any {
    virtual ~any() = default;
    virtual void call(A...) = 0;
  };
  template <class F>
  struct of final : any {
    explicit of(F g) : f(std::move(g)) {}
    void call(A... a) override { f(std::forward<A>(a)...); }
    F f;
  };
  std::unique_ptr<any> held_;
};

using job = callback<>;

}  // namespace reprise::runtime
