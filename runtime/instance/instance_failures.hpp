// Failures for requests that an instance cannot take.

#pragma once

#include <string>

#include "actors/failure.hpp"
#include "actors/history.hpp"

namespace reprise::runtime {

inline failure not_found(const std::string& id) {
  return {cause::not_found, "no instance \"" + id + "\"", false};
}
inline failure gone(const std::string& id) {
  return {cause::gone, "instance \"" + id + "\" has ended", false};
}

inline failure unbound(const std::string& orchestration) {
  return {cause::unbound, "no orchestration \"" + orchestration + "\" is bound in this program",
          false};
}

// An event for an operator's action, with the given reason.
inline history_event control_event(event_kind kind, const std::string& reason) {
  history_event e;
  e.kind = kind;
  e.value = payload(reason);
  return e;
}

}  // namespace reprise::runtime
