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

namespace {

// Fills in the durable members of the user's struct, and checks them against the contract.
void describe_members(bound_actor& bound, const resident_actor& sample, const payload_type& state) {
  auto refuse = [&](const std::string& why) {
    throw std::logic_error("actor '" + bound.type + "' " + why);
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
    bound.tables.push_back({table->name(), &table->key_type(), &table->value_type()});
  }
  std::ranges::sort(bound.tables, {}, &bound_table::name);
  const auto twice = std::ranges::adjacent_find(bound.tables, {}, &bound_table::name);
  if (twice != bound.tables.end()) refuse("has two tables named '" + twice->name + "'");
}

template <class Table, class Bound>
void add(Table& table, Bound bound, const char* what) {
  auto name = bound.name;
  if (!table.emplace(name, std::move(bound)).second)
    throw std::logic_error(std::string(what) + " '" + name + "' is bound twice");
}

}  // namespace
}  // namespace internal

void application::add_operation(std::string_view type, const payload_type& state, const void* tag,
                                std::shared_ptr<void> (*construct)(), std::size_t size,
                                bound_operation operation, internal::operation_code code) {
  auto known = structs_.find(type);
  if (known == structs_.end()) {
    auto shared = std::make_shared<internal::user_struct>();
    shared->construct = construct;
    shared->size = size;
    bound_actor bound;
    bound.type = type;
    bound.state = &state;
    bound.code = std::make_shared<internal::resident_code>(shared);
    internal::describe_members(bound, internal::resident_actor(shared), state);
    known = structs_.emplace(std::string(type), struct_of{tag, shared}).first;
    actors_.emplace(std::string(type), std::move(bound));
  }
  if (known->second.tag != tag)
    throw std::logic_error("actor '" + std::string(type) + "' is bound to two structs");
  auto& bound = actors_.find(type)->second;
  if (bound.find(operation.name))
    throw std::logic_error("operation '" + std::string(type) + " " + operation.name +
                           "' is bound twice");
  operation.index = bound.operations.size();
  bound.operations.push_back(std::move(operation));
  known->second.code->operations.push_back(std::move(code));
}

void application::make_transient(std::string_view type, std::string_view operation) {
  auto& actor = actors_.find(type)->second;
  for (auto& one : actor.operations)
    if (one.name == operation) one.transient = true;
}

void application::add_activity(bound_activity bound) {
  internal::add(activities_, std::move(bound), "activity");
}
void application::add_orchestration(bound_orchestration bound) {
  internal::add(orchestrations_, std::move(bound), "orchestration");
}
void application::add_event(bound_event bound) {
  internal::add(events_, std::move(bound), "event");
}

}  // namespace reprise
