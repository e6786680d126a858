// Adapts a user's function to bytes in and bytes out. Its parameters, in this order:
//   input     In::Reader, value<In>, or for plain types In; absent for none
//   output    Out::Builder, then the function returns result<>;
//             else it returns result<Out> or, for a struct, result<value<Out>>
//   here      turn& or attempt_context&, optional
// Anything else is a compile error with a message of ours.

#pragma once

#include <capnp/message.h>

#include <tuple>
#include <type_traits>
#include <utility>

#include "actors/codec.hpp"
#include "actors/failure.hpp"

namespace reprise::internal {

template <class F>
struct function_traits : function_traits<decltype(&F::operator())> {};
template <class R, class... P>
struct function_traits<R (*)(P...)> {
  using answer = R;
  using parameters = std::tuple<P...>;
  static constexpr bool read_only = false;
};
template <class R, class... P>
struct function_traits<R (*)(P...) noexcept> : function_traits<R (*)(P...)> {};
template <class R, class E, class... P>
struct function_traits<R (E::*)(P...)> : function_traits<R (*)(P...)> {
  using owner = E;
};
template <class R, class E, class... P>
struct function_traits<R (E::*)(P...) const> : function_traits<R (E::*)(P...)> {
  static constexpr bool read_only = true;
};
template <class R, class E, class... P>
struct function_traits<R (E::*)(P...) noexcept> : function_traits<R (E::*)(P...)> {};
template <class R, class E, class... P>
struct function_traits<R (E::*)(P...) const noexcept> : function_traits<R (E::*)(P...) const> {};

enum class role : int { input = 0, output = 1, here = 2, none = 3 };

template <class In, class Out, class Here, class P>
constexpr role role_of() {
  using plain_p = std::remove_cvref_t<P>;
  constexpr bool changes =
      std::is_lvalue_reference_v<P> && !std::is_const_v<std::remove_reference_t<P>>;
  if constexpr (std::is_same_v<plain_p, Here> && std::is_reference_v<P>) return role::here;
  if constexpr (structure<Out>)
    if constexpr (std::is_same_v<plain_p, typename Out::Builder>) return role::output;
  if constexpr (changes) return role::none;
  if constexpr (std::is_same_v<plain_p, value<In>>) return role::input;
  if constexpr (structure<In>) {
    if constexpr (std::is_same_v<plain_p, typename In::Reader>) return role::input;
  } else {
    if constexpr (std::is_same_v<plain_p, In>) return role::input;
  }
  return role::none;
}

template <class In, class Out, class Here, class R, class... P>
constexpr bool is_operation_form(std::tuple<P...>*) {
  bool has_input = false, has_output = false;
  int last = -1;
  for (role r : {role_of<In, Out, Here, P>()..., role::none}) {
    if (r == role::none) break;
    if (static_cast<int>(r) <= last) return false;
    last = static_cast<int>(r);
    has_input |= r == role::input;
    has_output |= r == role::output;
  }
  if (((role_of<In, Out, Here, P>() == role::none) || ...)) return false;
  if (!has_input && !std::is_same_v<In, none>) return false;
  if (has_output || std::is_same_v<Out, none>)
    return std::is_same_v<R, result<>> ||
           (std::is_same_v<Out, none> && std::is_same_v<R, result<none>>);
  return std::is_same_v<R, result<value<Out>>> ||
         (!structure<Out> && std::is_same_v<R, result<Out>>);
}

template <class F, class In, class Out, class Here>
constexpr bool fits = is_operation_form<In, Out, Here, typename function_traits<F>::answer>(
    static_cast<typename function_traits<F>::parameters*>(nullptr));

// Holds the answer that the function fills through a Builder.
template <payload_value Out>
class answer_slot {
 public:
  auto builder() { return message_->template initRoot<Out>(); }
  payload finish() { return flatten(*message_); }

 private:
  small_builder message_{words_of<Out>()};
};

// Converts the input to what the parameter takes: the whole value, or a reader.
template <class P, class In>
decltype(auto) input_argument(auto& in) {
  if constexpr (std::is_same_v<std::remove_cvref_t<P>, value<In>>)
    return value<In>(std::move(in));
  else if constexpr (plain<In>)
    return *std::move(in);
  else
    return *in;
}

template <class P, class In, class Out, class Here>
decltype(auto) argument(auto& in, typename Out::Builder* out, Here& here) {
  constexpr auto is = role_of<In, Out, Here, P>();
  if constexpr (is == role::here)
    return static_cast<P>(here);
  else if constexpr (is == role::output)
    return typename Out::Builder(*out);
  else
    return input_argument<P, In>(in);
}

template <class P, class In, class Here>
decltype(auto) plain_argument(auto& in, Here& here) {
  constexpr auto is = role_of<In, none, Here, P>();
  if constexpr (is == role::here)
    return static_cast<P>(here);
  else
    return input_argument<P, In>(in);
}

template <class R>
result<payload> encoded(result<R> answer) {
  if (!answer) return answer.error();
  return codec<R>::encode(value<R>(*std::move(answer)));
}
template <class R>
result<payload> encoded(result<value<R>> answer) {
  if (!answer) return answer.error();
  return codec<R>::encode(*answer);
}
inline result<payload> encoded(result<> answer) {
  if (!answer) return answer.error();
  return payload{};
}

// Calls `f` with the arguments that its parameters take. `in` is a value, which may be moved from,
// or a reader that ends with the call.
template <class In, class Out, class Here, class F, class... P>
result<payload> invoke_on(F&& f, auto&& in, Here& here, std::tuple<P...>*) {
  constexpr bool fills = ((role_of<In, Out, Here, P>() == role::output) || ...);
  if constexpr (fills) {
    answer_slot<Out> answer;
    auto out = answer.builder();
    result<> done_or_not = f(argument<P, In, Out, Here>(in, &out, here)...);
    if (!done_or_not) return done_or_not.error();
    return answer.finish();
  } else {
    return encoded(f(plain_argument<P, In, Here>(in, here)...));
  }
}

// The same from bytes. Throws what `f` throws.
template <class In, class Out, class Here, class F, class... P>
result<payload> invoke(F&& f, payload input, Here& here, std::tuple<P...>* parameters) {
  constexpr bool kept = (std::is_same_v<std::remove_cvref_t<P>, value<In>> || ...);
  if constexpr (structure<In> && !kept) {
    if (!is_message(input)) return does_not_fit(type_of<In>());
    return invoke_on<In, Out>(f, glimpse<In>(std::move(input)), here, parameters);
  } else {
    auto in = codec<In>::decode(std::move(input));
    if (!in) return in.error();
    return invoke_on<In, Out>(f, *in, here, parameters);
  }
}

}  // namespace reprise::internal
