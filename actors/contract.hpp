// The contract of an application: durable names with their types, as constexpr values without behaviour.
//
//   inline constexpr reprise::actor<Stock>                 stock{"stock"};
//   inline constexpr reprise::operation<Stock, Ask, Grant> reserve{stock, "reserve"};
//   inline constexpr reprise::activity<Bill, Receipt>      charge{"charge"};
//   inline constexpr reprise::event<Verdict>               verdict{"verdict"};
//   inline constexpr reprise::orchestration<Order, Outcome> checkout{"checkout"};
//
// The C++ name may change at any time. The quoted name may not: it is stored in histories and in
// the keys of the store, and it is part of URLs. It is checked at compile time ([a-z0-9_.-]{1,64}).
// Invoking a contract value like a function makes a `call` (call.hpp) and runs nothing.

#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "actors/call.hpp"
#include "actors/limits.hpp"

namespace reprise {

namespace internal {
// Deliberately not constexpr: a constant expression that reaches this function does not compile,
// and the compiler's error shows its name.
inline void a_durable_name_has_1_to_64_characters_of_a_to_z_0_to_9_dot_dash_underscore() {}

// A durable name: quoted, stored, checked at compile time.
class durable_name {
 public:
  consteval durable_name(const char* text) : text_(text) {
    if (!is_name(text_))
      a_durable_name_has_1_to_64_characters_of_a_to_z_0_to_9_dot_dash_underscore();
  }
  constexpr std::string_view view() const noexcept { return text_; }

 private:
  std::string_view text_;
};
}  // namespace internal

// A type of actors whose durable state is a `State`. Use `none` for actors that have only tables.
// `stock("tea")` is a reference to one actor, as `lock` takes it.
template <class State>
class actor {
  static_assert(internal::require_payload<State>());

 public:
  consteval actor(const char* name) : name_(name) {}
  constexpr std::string_view name() const noexcept { return name_.view(); }
  actor_ref operator()(internal::whole_text key) const { return {std::string(name()), key}; }

 private:
  internal::durable_name name_;
};

template <class State, class In, class Out>
class transient_operation;

// A request to one actor. It runs as one turn and cannot wait for anything.
template <class State, class In, class Out>
class operation {
  static_assert(internal::require_payload<State>() && internal::require_payload<In>() &&
                internal::require_payload<Out>());

 public:
  consteval operation(const actor<State>& owner, const char* name) : owner_(owner), name_(name) {}
  constexpr std::string_view actor_name() const noexcept { return owner_.name(); }
  constexpr std::string_view name() const noexcept { return name_.view(); }

  // Makes the call for the actor `key`. The input is a value of In, or for a Cap'n Proto struct a
  // Reader or a lambda that fills it:
  //   reserve("tea", [&](auto ask) { ask.setQuantity(1); })
  template <class... Input>
  operation_call<Out> operator()(internal::whole_text key, Input&&... input) const {
    return operation_call<Out>(made(key, std::forward<Input>(input)...));
  }
  template <class Never = void>
  auto operator()(internal::whole_text, internal::braces) const {
    return internal::refuse_braces<Never>();
  }

 private:
  friend class transient_operation<State, In, Out>;
  template <class... Input>
  request made(internal::whole_text key, Input&&... input) const {
    return {.kind = request_kind::operation,
            .name = std::string(actor_name()),
            .operation = std::string(name()),
            .key = key,
            .input = internal::input_of<In>(std::forward<Input>(input)...)};
  }

  actor<State> owner_;
  internal::durable_name name_;
};

// An operation whose message has no record: each send is delivered at most once and immediately, a
// crash loses it, and durable messages may overtake it. For heartbeats, elections and reads of values
// that change all the time.
template <class State, class In, class Out>
class transient_operation {
  static_assert(internal::require_payload<State>() && internal::require_payload<In>() &&
                internal::require_payload<Out>());

 public:
  consteval transient_operation(const actor<State>& owner, const char* name)
      : durable_(owner, name) {}
  constexpr std::string_view actor_name() const noexcept { return durable_.actor_name(); }
  constexpr std::string_view name() const noexcept { return durable_.name(); }
  // The durable operation with the same names and types.
  constexpr const operation<State, In, Out>& signature() const noexcept { return durable_; }

  template <class... Input>
  transient_call<Out> operator()(internal::whole_text key, Input&&... input) const {
    return transient_call<Out>(durable_.made(key, std::forward<Input>(input)...));
  }
  template <class Never = void>
  auto operator()(internal::whole_text, internal::braces) const {
    return internal::refuse_braces<Never>();
  }

 private:
  operation<State, In, Out> durable_;
};

// A function with side effects or a long computation, called by orchestrators. Runs at least once.
template <class In, class Out>
class activity {
  static_assert(internal::require_payload<In>() && internal::require_payload<Out>());

 public:
  consteval activity(const char* name) : name_(name) {}
  constexpr std::string_view name() const noexcept { return name_.view(); }

  template <class... Input>
  activity_call<Out> operator()(Input&&... input) const {
    request what;
    what.kind = request_kind::activity;
    what.name = name();
    what.input = internal::input_of<In>(std::forward<Input>(input)...);
    return activity_call<Out>(std::move(what));
  }
  template <class Never = void>
  auto operator()(internal::braces) const {
    return internal::refuse_braces<Never>();
  }

 private:
  internal::durable_name name_;
};

// A named message from outside to one orchestration instance.
template <class T>
class event {
  static_assert(internal::require_payload<T>());

 public:
  consteval event(const char* name) : name_(name) {}
  constexpr std::string_view name() const noexcept { return name_.view(); }

  // Waits for the next event of this name; one that is already buffered is taken at once, oldest first.
  event_wait<T> operator()() const {
    request what;
    what.kind = request_kind::event;
    what.name = name();
    return event_wait<T>(std::move(what));
  }

  // Makes the event to raise on the instance `id`.
  template <class... Input>
  request to(internal::whole_text id, Input&&... input) const {
    request what;
    what.kind = request_kind::event;
    what.name = name();
    what.key = id;
    what.input = internal::input_of<T>(std::forward<Input>(input)...);
    return what;
  }
  template <class Never = void>
  auto to(internal::whole_text, internal::braces) const {
    return internal::refuse_braces<Never>();
  }

 private:
  internal::durable_name name_;
};

// An orchestration's name and answer type: enough to wait for an instance.
template <class Out>
class orchestration_ref {
  static_assert(internal::require_payload<Out>());

 public:
  consteval orchestration_ref(const char* name) : name_(name) {}
  constexpr std::string_view name() const noexcept { return name_.view(); }

 private:
  internal::durable_name name_;
};

// A durable coroutine. The name may end in a version ("checkout.2"); an instance stays on the
// version that it started with.
template <class In, class Out>
class orchestration : public orchestration_ref<Out> {
  static_assert(internal::require_payload<In>() && internal::require_payload<Out>());

 public:
  consteval orchestration(const char* name) : orchestration_ref<Out>(name) {}

  // Makes the call that starts an instance. `checkout(order)` generates the instance id;
  // `checkout.as("order-7", order)` uses the given one.
  template <class... Input>
  start_call<Out> operator()(Input&&... input) const {
    return as("", std::forward<Input>(input)...);
  }
  template <class... Input>
  start_call<Out> as(internal::whole_text id, Input&&... input) const {
    request what;
    what.kind = request_kind::orchestration;
    what.name = this->name();
    what.key = id;
    what.input = internal::input_of<In>(std::forward<Input>(input)...);
    return start_call<Out>(std::move(what));
  }
  template <class Never = void>
  auto operator()(internal::braces) const {
    return internal::refuse_braces<Never>();
  }
  template <class Never = void>
  auto as(internal::whole_text, internal::braces) const {
    return internal::refuse_braces<Never>();
  }
};

}  // namespace reprise
