#include "actors/application.hpp"

#include <algorithm>
#include <stdexcept>

#include "actors/actor/text.hpp"

namespace reprise {

namespace internal {

result<payload> guarded(const std::function<result<payload>()>& user_code) {
  try {
    return user_code();
  } catch (...) {
    return failure_of_current_exception();
  }
}

const operation_binding* actor_binding::find(std::string_view operation) const noexcept {
  for (const auto& one : operations)
    if (one.name == operation) return &one;
  return nullptr;
}

namespace {

// Fills in the durable members of the user's struct, and checks them against the contract.
void describe_members(actor_binding& binding, const resident_actor& sample,
                      const payload_type& state) {
  auto refuse = [&](const std::string& why) {
    throw std::logic_error("actor '" + binding.type + "' " + why);
  };
  if (sample.states().size() > 1) refuse("has two state members; an actor has one");
  for (auto* member : sample.states())
    if (&member->type() != &state)
      refuse("has a state of " + member->type().name + ", its contract says " + state.name);
  if (sample.states().empty() && state.kind != payload_kind::none)
    refuse("has no state member, its contract says " + state.name);
  for (auto* table : sample.tables()) {
    // Clang 14 does not check a consteval name in a member's initialiser, so check it here.
    if (!is_name(table->name())) refuse("has a table named '" + table->name() + "'");
    binding.tables.push_back({table->name(), &table->key_type(), &table->value_type()});
  }
  std::ranges::sort(binding.tables, {}, &table_binding::name);
  const auto twice = std::ranges::adjacent_find(binding.tables, {}, &table_binding::name);
  if (twice != binding.tables.end()) refuse("has two tables named '" + twice->name + "'");
}

template <class Table, class Binding>
void add(Table& table, Binding binding, const char* what) {
  auto name = binding.name;
  if (!table.emplace(name, std::move(binding)).second)
    throw std::logic_error(std::string(what) + " '" + name + "' is bound twice");
}

template <class Table>
auto find(const Table& table, std::string_view name) noexcept {
  auto found = table.find(name);
  return found == table.end() ? nullptr : &found->second;
}

}  // namespace
}  // namespace internal

void application::add_operation(std::string_view type, const payload_type& state, const void* tag,
                                std::shared_ptr<void> (*construct)(), std::size_t size,
                                internal::operation_binding operation,
                                internal::operation_code code) {
  auto known = structs_.find(type);
  if (known == structs_.end()) {
    auto shared = std::make_shared<internal::actor_code>();
    shared->construct = construct;
    shared->size = size;
    internal::actor_binding binding;
    binding.type = type;
    binding.state = &state;
    binding.make = [shared] { return std::make_unique<internal::resident_actor>(shared); };
    internal::describe_members(binding, internal::resident_actor(shared), state);
    known = structs_.emplace(std::string(type), struct_of{tag, shared}).first;
    actors_.emplace(std::string(type), std::move(binding));
  }
  if (known->second.tag != tag)
    throw std::logic_error("actor '" + std::string(type) + "' is bound to two structs");
  auto& binding = actors_.find(type)->second;
  if (binding.find(operation.name))
    throw std::logic_error("operation '" + std::string(type) + " " + operation.name +
                           "' is bound twice");
  operation.index = binding.operations.size();
  binding.operations.push_back(std::move(operation));
  known->second.code->operations.push_back(std::move(code));
}

void application::make_transient(std::string_view type, std::string_view operation) {
  auto& actor = actors_.find(type)->second;
  for (auto& one : actor.operations)
    if (one.name == operation) one.transient = true;
}

void application::add_activity(internal::activity_binding binding) {
  internal::add(activities_, std::move(binding), "activity");
}
void application::add_orchestration(internal::orchestration_binding binding) {
  internal::add(orchestrations_, std::move(binding), "orchestration");
}
void application::add_event(internal::event_binding binding) {
  internal::add(events_, std::move(binding), "event");
}

const internal::actor_binding* application::find_actor(std::string_view type) const noexcept {
  return internal::find(actors_, type);
}
const internal::activity_binding* application::find_activity(std::string_view name) const noexcept {
  return internal::find(activities_, name);
}
const internal::orchestration_binding* application::find_orchestration(
    std::string_view name) const noexcept {
  return internal::find(orchestrations_, name);
}
const internal::orchestration_binding* application::newest_orchestration(
    std::string_view name) const noexcept {
  const orchestration_name wanted(name);
  if (wanted.base != name) {
    if (const auto* exact = find_orchestration(name)) return exact;
    return wanted.version == 1 ? find_orchestration(wanted.base) : nullptr;
  }
  const internal::orchestration_binding* newest = nullptr;
  unsigned version = 0;
  // The versions of a name follow it in the table, mixed with other names that start with it.
  for (auto at = orchestrations_.lower_bound(name);
       at != orchestrations_.end() && at->first.starts_with(name); ++at) {
    const orchestration_name one(at->first);
    if (one.base != name || one.version < version) continue;
    newest = &at->second;
    version = one.version;
  }
  return newest;
}
const internal::event_binding* application::find_event(std::string_view name) const {
  return internal::find(events_, internal::lower_case(std::string(name)));
}

}  // namespace reprise
