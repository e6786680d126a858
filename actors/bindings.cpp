#include "actors/bindings.hpp"

#include "actors/actor/text.hpp"
#include "actors/limits.hpp"

namespace reprise {
namespace {

template <class Table>
auto find(const Table& table, std::string_view name) noexcept {
  auto found = table.find(name);
  return found == table.end() ? nullptr : &found->second;
}

}  // namespace

const bound_operation* bound_actor::find(std::string_view operation) const noexcept {
  for (const auto& one : operations)
    if (one.name == operation) return &one;
  return nullptr;
}

const bound_actor* bindings::find_actor(std::string_view type) const noexcept {
  return find(actors_, type);
}
const bound_activity* bindings::find_activity(std::string_view name) const noexcept {
  return find(activities_, name);
}
const bound_orchestration* bindings::find_orchestration(std::string_view name) const noexcept {
  return find(orchestrations_, name);
}
const bound_orchestration* bindings::newest_orchestration(std::string_view name) const noexcept {
  const orchestration_name wanted(name);
  if (wanted.base != name) {
    if (const auto* exact = find_orchestration(name)) return exact;
    return wanted.version == 1 ? find_orchestration(wanted.base) : nullptr;
  }
  const bound_orchestration* newest = nullptr;
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
const bound_event* bindings::find_event(std::string_view name) const {
  return find(events_, internal::lower_case(std::string(name)));
}

}  // namespace reprise
