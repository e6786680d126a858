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
#include "actors/contract.hpp"
#include "actors/failure.hpp"
#include "actors/orchestration/orchestration_code.hpp"
#include "actors/payload.hpp"
#include "actors/payload_type.hpp"
#include "actors/turn.hpp"

namespace reprise {

namespace internal {

struct operation_binding {
  std::string name;
  const payload_type* in = nullptr;
  const payload_type* out = nullptr;
  bool read_only = false;  // of a const member function: writes nothing, has no order
  bool transient = false;  // its messages have no record
  std::size_t index = 0;   // in actor_binding::operations and in actor_code::operations
};

struct table_binding {
  std::string name;
  const payload_type* key = nullptr;
  const payload_type* value = nullptr;
};

struct actor_binding {
  std::string type;
  const payload_type* state = nullptr;
  std::vector<table_binding> tables;          // sorted by durable name
  std::vector<operation_binding> operations;  // in order of binding
  std::function<std::unique_ptr<actor_object>()> make;
  const operation_binding* find(std::string_view operation) const noexcept;
};

struct activity_binding {
  std::string name;
  std::string pool;          // "io" unless bound otherwise
  bool speculative = false;  // pure: may start before its step is durable
  const payload_type* in = nullptr;
  const payload_type* out = nullptr;
  // Never throws: an exception from user code becomes a retryable failure with cause::failed.
  std::function<result<payload>(const payload&, attempt_context&)> run;
};

struct orchestration_binding {
  std::string name;  // with its version suffix: "checkout.2"
  const payload_type* in = nullptr;
  const payload_type* out = nullptr;
  std::shared_ptr<const orchestration_code> code;
};

struct event_binding {  // has no code; bound so that the gateway knows its type
  std::string name;
  const payload_type* type = nullptr;
};

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
class application {
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

  const internal::actor_binding* find_actor(std::string_view type) const noexcept;
  const internal::activity_binding* find_activity(std::string_view name) const noexcept;
  const internal::orchestration_binding* find_orchestration(std::string_view name) const noexcept;
  // Returns what a start of `name` runs: the version it names ("checkout.2"), otherwise the newest.
  const internal::orchestration_binding* newest_orchestration(std::string_view name) const noexcept;
  const internal::event_binding* find_event(std::string_view name) const;  // ignores case

  template <class Binding>
  using table_of = std::map<std::string, Binding, std::less<>>;
  const table_of<internal::actor_binding>& actors() const noexcept { return actors_; }
  const table_of<internal::activity_binding>& activities() const noexcept { return activities_; }
  const table_of<internal::orchestration_binding>& orchestrations() const noexcept {
    return orchestrations_;
  }
  const table_of<internal::event_binding>& events() const noexcept { return events_; }

 private:
  // The user's struct of an actor type. `tag` is an address that is unique for each struct.
  struct struct_of {
    const void* tag;
    std::shared_ptr<internal::actor_code> code;
  };
  void add_operation(std::string_view type, const payload_type& state, const void* tag,
                     std::shared_ptr<void> (*construct)(), std::size_t size,
                     internal::operation_binding, internal::operation_code);
  void make_transient(std::string_view type, std::string_view operation);
  void add_activity(internal::activity_binding);
  void add_orchestration(internal::orchestration_binding);
  void add_event(internal::event_binding);
  template <class In, class Out, class F>
  static internal::activity_binding activity_of(const activity<In, Out>& what, F f);

  table_of<internal::actor_binding> actors_;
  table_of<internal::activity_binding> activities_;
  table_of<internal::orchestration_binding> orchestrations_;
  table_of<internal::event_binding> events_;
  table_of<struct_of> structs_;
};

namespace internal {
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
      internal::operation_binding binding;
      binding.name = what.name();
      binding.in = &type_of<In>();
      binding.out = &type_of<Out>();
      binding.read_only = traits::read_only;
      add_operation(
          what.actor_name(), type_of<State>(), &internal::tag_of<E>, &internal::construct<E>,
          sizeof(E), std::move(binding), [member](void* object, payload input, turn& here) {
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
internal::activity_binding application::activity_of(const activity<In, Out>& what, F f) {
  constexpr bool fits = internal::fits<F, In, Out, attempt_context>;
  static_assert(fits,
                "reprise: this function does not fit the activity: it takes In::Reader (or a plain "
                "In), Out::Builder for a struct, and last an optional attempt_context&; it gives "
                "result<> when it fills a Builder, else result<Out>");
  internal::activity_binding binding;
  binding.name = what.name();
  binding.in = &type_of<In>();
  binding.out = &type_of<Out>();
  if constexpr (fits)
    binding.run = [f = std::move(f)](const payload& input, attempt_context& here) mutable {
      return internal::guarded([&] {
        return internal::invoke<In, Out>(
            f, input, here,
            static_cast<typename internal::function_traits<F>::parameters*>(nullptr));
      });
    };
  return binding;
}

template <payload_value In, payload_value Out, class F>
application& application::bind(const activity<In, Out>& what, F f, const pool& where) {
  auto binding = activity_of(what, std::move(f));
  binding.pool = where.name();
  add_activity(std::move(binding));
  return *this;
}

template <payload_value In, payload_value Out, class F>
application& application::bind(const activity<In, Out>& what, F f, speculative_t) {
  auto binding = activity_of(what, std::move(f));
  binding.pool = "cpu";
  binding.speculative = true;
  add_activity(std::move(binding));
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
      internal::orchestration_binding binding;
      binding.name = what.name();
      binding.in = &type_of<In>();
      binding.out = &type_of<Out>();
      binding.code = code::template code<In>(f);
      add_orchestration(std::move(binding));
    }
  }
  return *this;
}

template <payload_value T>
application& application::bind(const event<T>& what) {
  internal::event_binding binding;
  binding.name = what.name();
  binding.type = &type_of<T>();
  add_event(std::move(binding));
  return *this;
}

}  // namespace reprise
