// Makes the coroutine of one bound orchestration and reads its outcome. Used by orchestration_run
// and made by `application::bind`.

#pragma once

#include <coroutine>
#include <type_traits>
#include <utility>

#include "actors/bindings.hpp"
#include "actors/codec.hpp"
#include "actors/orchestration/steps.hpp"
#include "actors/task.hpp"

namespace reprise {

// What is bound to the name of an orchestration.
class orchestration_code {
 public:
  virtual ~orchestration_code() = default;
  // Returns a suspended frame, which the caller destroys, or a failure if the input does not fit.
  virtual result<std::coroutine_handle<>> make(const payload& input, internal::steps&) const = 0;
  // Returns the outcome of a finished frame. Throws what the code threw.
  virtual payload outcome(std::coroutine_handle<>) const = 0;
};

namespace internal {

template <payload_value In, payload_value Out, class... Parameter>
class task_code final : public orchestration_code {
 public:
  using function = task<Out> (*)(Parameter...);
  explicit task_code(function f) : function_(f) {}

  result<std::coroutine_handle<>> make(const payload& input, steps& run) const override {
    auto in = codec<In>::decode(input);
    if (!in) return in.error();
    if constexpr (!structure<In>) run.keeps(input.size());
    task<Out> body = begin(*std::move(in));
    auto frame = body.release();
    frame.promise().run = &run;
    return std::coroutine_handle<>(frame);
  }
  payload outcome(std::coroutine_handle<> frame) const override {
    auto typed = task<Out>::handle::from_address(frame.address());
    return codec<Out>::encode(typed.promise().take());
  }

 private:
  task<Out> begin(value<In> in) const {
    if constexpr (sizeof...(Parameter) == 0)
      return function_();
    else
      return function_(std::move(in));
  }
  function function_;
};

}  // namespace internal
}  // namespace reprise
