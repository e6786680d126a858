// The contract: durable names with their types, as constexpr values and without behaviour.
//
//   inline constexpr reprise::actor<Stock>                 stock{"stock"};
//   inline constexpr reprise::operation<Stock, Ask, Grant> reserve{stock, "reserve"};
//   inline constexpr reprise::activity<Bill, Receipt>      charge{"charge"};
//   inline constexpr reprise::event<Verdict>               verdict{"verdict"};
//   inline constexpr reprise::orchestration<Order, Outcome> checkout{"checkout"};
//
// The C++ name may change at any time. The quoted one is in the history, in the keys of the store
// and in URLs: it may not. It is checked at compile time. Calling such a value gives a `call`.

#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "actors/call.hpp"
#include "actors/limits.hpp"

namespace reprise {

namespace internal {
// Not constexpr on purpose: reaching it in a constant is the compile error, and its name the words.
inline void a_durable_name_has_1_to_64_characters_of_a_to_z_0_to_9_dot_dash_underscore() {}

// A quoted name that outlives everything, checked while compiling.
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

// A type of actors whose durable state is a State. Actors that have only tables: State = none.
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

// A request to one actor: a turn of its own, which cannot wait.
template <class State, class In, class Out>
class operation {
  static_assert(internal::require_payload<State>() && internal::require_payload<In>() &&
                internal::require_payload<Out>());

 public:
  consteval operation(const actor<State>& owner, const char* name) : owner_(owner), name_(name) {}
  constexpr std::string_view actor_name() const noexcept { return owner_.name(); }
  constexpr std::string_view name() const noexcept { return name_.view(); }

  // reserve("tea", [&](auto ask) { ask.setQuantity(1); })
  template <class... Input>
  call<Out> operator()(internal::whole_text key, Input&&... input) const {
    return call<Out>(made(key, std::forward<Input>(input)...));
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

// A request without a record: at most once each time it is sent, delivered at once, lost in a crash, and
// it may be overtaken by durable ones. For heartbeats, elections, reads of what changes all the time.
template <class State, class In, class Out>
class transient_operation {
  static_assert(internal::require_payload<State>() && internal::require_payload<In>() &&
                internal::require_payload<Out>());

 public:
  consteval transient_operation(const actor<State>& owner, const char* name)
      : durable_(owner, name) {}
  constexpr std::string_view actor_name() const noexcept { return durable_.actor_name(); }
  constexpr std::string_view name() const noexcept { return durable_.name(); }
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

// A side effect or a computation, run at least once.
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

// A message from outside to one orchestration instance.
template <class T>
class event {
  static_assert(internal::require_payload<T>());

 public:
  consteval event(const char* name) : name_(name) {}
  constexpr std::string_view name() const noexcept { return name_.view(); }

  // Waits for the next one, or takes the oldest that came before.
  event_wait<T> operator()() const {
    request what;
    what.kind = request_kind::event;
    what.name = name();
    return event_wait<T>(std::move(what));
  }

  // The event itself, for the instance `id`.
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

// An orchestration by its name and its answer: what one needs to wait for an instance.
template <class Out>
class orchestration_ref {
  static_assert(internal::require_payload<Out>());

 public:
  consteval orchestration_ref(const char* name) : name_(name) {}
  constexpr std::string_view name() const noexcept { return name_.view(); }

 private:
  internal::durable_name name_;
};

// A durable coroutine. The name may carry a version, "checkout.2": an instance stays on the body it
// began with.
template <class In, class Out>
class orchestration : public orchestration_ref<Out> {
  static_assert(internal::require_payload<In>() && internal::require_payload<Out>());

 public:
  consteval orchestration(const char* name) : orchestration_ref<Out>(name) {}

  // checkout(order): an id is made. checkout.as("order-7", order): the id is given.
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
