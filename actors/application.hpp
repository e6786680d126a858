// The table that binds durable names to code. Built before a node opens and immutable afterwards.
//
//   reprise::application app;
//   app.bind(shop::reserve, &shelf::reserve).bind(shop::charge, charge_card);
//
// `bind` takes a contract value and its code; code that does not fit is a compile error with a
// message of ours. The node, the gateway and the tools read the table for names and types.

#pragma once

#include "actors/orchestration/language.hpp"  // first: it checks the language version

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "actors/actor/actor_object.hpp"
#include "actors/actor/binding.hpp"
#include "actors/actor/resident_actor.hpp"
#include "actors/attempt_context.hpp"
#include "actors/bindings.hpp"
#include "actors/contract.hpp"
#include "actors/failure.hpp"
#include "actors/orchestration/orchestration_code.hpp"
#include "actors/payload.hpp"
#include "actors/payload_type.hpp"
#include "actors/turn.hpp"

namespace reprise {

namespace internal {

// Runs user code and turns an exception into a failure.
result<payload> guarded(const std::function<result<payload>()>&);
}  // namespace internal

// Selects the named group of threads that an activity runs on. Every node has "io" (16 threads) and "cpu"
// (one for each core); node_options::pools makes others, and a name that is not in it gets 4 threads.
class pool {
 public:
  explicit pool(std::string name) : name_(std::move(name)) {}
  const std::string& name() const noexcept { return name_; }

 private:
  std::string name_;
};

// Tag for a pure activity: it may start before its step is durable, and runs on the pool "cpu".
struct speculative_t {};
inline constexpr speculative_t speculative;

// Built by one thread; afterwards it may be read from any.
class application : public bindings {
 public:
  // Adds one name and returns *this. The code of an operation is a member function of the actor's struct;
  // of an activity, a function or lambda, which several threads call at once; of an orchestration, a
  // function that returns a task. An event has none. Throws std::logic_error that names the culprit if a
  // name is bound twice, if an actor type is bound to two structs, or if the struct's state and tables do
  // not match the contract.
  template <payload_value State, payload_value In, payload_value Out, class F>
  application& bind(const operation<State, In, Out>& what, F member);
  template <payload_value State, payload_value In, payload_value Out, class F>
  application& bind(const transient_operation<State, In, Out>& what, F member);
  template <payload_value In, payload_value Out, class F>
  application& bind(const activity<In, Out>& what, F f, const pool& where = pool("io"));
  template <payload_value In, payload_value Out, class F>
  application& bind(const activity<In, Out>& what, F f, speculative_t);
  template <payload_value In, payload_value Out, class F>
  application& bind(const orchestration<In, Out>& what, F f);
  template <payload_value T>
  application& bind(const event<T>& what);

 private:
  // The user's struct of an actor type. `tag` is an address that is unique for each struct.
  struct struct_of {
    const void* tag;
    std::shared_ptr<internal::user_struct> code;
  };
  void add_operation(std::string_view type, const payload_type& state, const void* tag,
                     std::shared_ptr<void> (*construct)(), std::size_t size, bound_operation,
                     internal::operation_code);
  void make_transient(std::string_view type, std::string_view operation);
  void add_activity(bound_activity);
  void add_orchestration(bound_orchestration);
  void add_event(bound_event);
  template <class In, class Out, class F>
  static bound_activity activity_of(const activity<In, Out>& what, F f);

  table_of<struct_of> structs_;
};

namespace internal {
// An activity that is a function of this program. Its attempts share the function, as the user wrote it.
template <class In, class Out, class F>
class function_code final : public activity_code {
 public:
  explicit function_code(F f) : function_(std::move(f)) {}
  result<payload> run(const payload& input, attempt_context& here) const override {
    return guarded([&] {
      return invoke<In, Out>(function_, input, here,
                             static_cast<typename function_traits<F>::parameters*>(nullptr));
    });
  }

 private:
  mutable F function_;
};

template <class E>
inline constexpr char tag_of = 0;
template <class E>
std::shared_ptr<void> construct() {
  return std::make_shared<E>();
}
template <class F>
struct task_function {
  static constexpr bool is = false;
};
template <class R, class... P>
struct task_function<task<R> (*)(P...)> {
  static constexpr bool is = true;
  using given = R;
  template <class In>
  static constexpr bool takes = [] {
    if constexpr (sizeof...(P) == 0)
      return std::is_same_v<In, none>;
    else
      return sizeof...(P) == 1 &&
             ((std::is_same_v<P, value<In>> || (plain<In> && std::is_same_v<P, In>)) && ...);
  }();
  template <class In>
  static std::shared_ptr<const orchestration_code> code(task<R> (*f)(P...)) {
    return std::make_shared<task_code<In, R, P...>>(f);
  }
};
}  // namespace internal

template <payload_value State, payload_value In, payload_value Out, class F>
application& application::bind(const operation<State, In, Out>& what, F member) {
  static_assert(std::is_member_function_pointer_v<F>,
                "reprise: an operation is bound to a member function of the actor's struct: "
                "app.bind(shop::reserve, &shelf::reserve)");
  if constexpr (std::is_member_function_pointer_v<F>) {
    using traits = internal::function_traits<F>;
    using E = typename traits::owner;
    constexpr bool fits = internal::fits<F, In, Out, turn>;
    static_assert(
        fits,
        "reprise: this member function does not fit the operation: it takes In::Reader "
        "(or a plain In), Out::Builder for a struct, and last an optional turn&; it gives "
        "result<> when it fills a Builder, else result<Out>");
    static_assert(std::is_default_constructible_v<E>,
                  "reprise: the struct of an actor is default constructible");
    if constexpr (fits) {
      bound_operation bound;
      bound.name = what.name();
      bound.in = &type_of<In>();
      bound.out = &type_of<Out>();
      bound.read_only = traits::read_only;
      add_operation(
          what.actor_name(), type_of<State>(), &internal::tag_of<E>, &internal::construct<E>,
          sizeof(E), std::move(bound), [member](void* object, payload input, turn& here) {
            auto call = [&](auto&&... given) {
              return (static_cast<E*>(object)->*member)(std::forward<decltype(given)>(given)...);
            };
            return internal::invoke<In, Out>(call, std::move(input), here,
                                             static_cast<typename traits::parameters*>(nullptr));
          });
    }
  }
  return *this;
}

template <payload_value State, payload_value In, payload_value Out, class F>
application& application::bind(const transient_operation<State, In, Out>& what, F member) {
  bind(what.signature(), member);
  make_transient(what.actor_name(), what.name());
  return *this;
}

template <class In, class Out, class F>
bound_activity application::activity_of(const activity<In, Out>& what, F f) {
  constexpr bool fits = internal::fits<F, In, Out, attempt_context>;
  static_assert(fits,
                "reprise: this function does not fit the activity: it takes In::Reader (or a plain "
                "In), Out::Builder for a struct, and last an optional attempt_context&; it gives "
                "result<> when it fills a Builder, else result<Out>");
  bound_activity bound;
  bound.name = what.name();
  bound.in = &type_of<In>();
  bound.out = &type_of<Out>();
  if constexpr (fits)
    bound.code = std::make_shared<internal::function_code<In, Out, F>>(std::move(f));
  return bound;
}

template <payload_value In, payload_value Out, class F>
application& application::bind(const activity<In, Out>& what, F f, const pool& where) {
  auto bound = activity_of(what, std::move(f));
  bound.pool = where.name();
  add_activity(std::move(bound));
  return *this;
}

template <payload_value In, payload_value Out, class F>
application& application::bind(const activity<In, Out>& what, F f, speculative_t) {
  auto bound = activity_of(what, std::move(f));
  bound.pool = "cpu";
  bound.speculative = true;
  add_activity(std::move(bound));
  return *this;
}

template <payload_value In, payload_value Out, class F>
application& application::bind(const orchestration<In, Out>& what, F f) {
  using code = internal::task_function<F>;
  static_assert(
      code::is,
      "reprise: an orchestrator is a function that returns a reprise::task; not a lambda, "
      "whose captures would be gone after the first co_await");
  if constexpr (code::is) {
    constexpr bool fits = std::is_same_v<typename code::given, Out> && code::template takes<In>;
    static_assert(fits,
                  "reprise: this function does not fit the orchestration: it is "
                  "task<Out> f(value<In>), for a plain In also task<Out> f(In), for none "
                  "task<Out> f()");
    if constexpr (fits) {
      bound_orchestration bound;
      bound.name = what.name();
      bound.in = &type_of<In>();
      bound.out = &type_of<Out>();
      bound.code = code::template code<In>(f);
      add_orchestration(std::move(bound));
    }
  }
  return *this;
}

template <payload_value T>
application& application::bind(const event<T>& what) {
  bound_event bound;
  bound.name = what.name();
  bound.type = &type_of<T>();
  add_event(std::move(bound));
  return *this;
}

}  // namespace reprise
