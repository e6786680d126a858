// What callers are told of an instance that cannot take what they sent.

#pragma once

#include <string>

#include "actors/failure.hpp"

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

}  // namespace reprise::runtime
