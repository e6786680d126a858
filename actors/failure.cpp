#include "actors/failure.hpp"

namespace reprise {

std::string_view to_string(cause why) noexcept {
  switch (why) {
    case cause::rejected:
      return "rejected";
    case cause::failed:
      return "failed";
    case cause::timed_out:
      return "timed_out";
    case cause::unbound:
      return "unbound";
    case cause::cancelled:
      return "cancelled";
    case cause::terminated:
      return "terminated";
    case cause::not_found:
      return "not_found";
    case cause::gone:
      return "gone";
    case cause::exists:
      return "exists";
    case cause::invalid:
      return "invalid";
    case cause::mismatch:
      return "mismatch";
    case cause::limit:
      return "limit";
    case cause::overloaded:
      return "overloaded";
    case cause::unavailable:
      return "unavailable";
    case cause::unknown_outcome:
      return "unknown_outcome";
    case cause::storage_full:
      return "storage_full";
    case cause::corrupt:
      return "corrupt";
    case cause::poison:
      return "poison";
    case cause::diverged:
      return "diverged";
    case cause::precondition_failed:
      return "precondition_failed";
    case cause::nothing_undone:
      return "nothing_undone";
  }
  return "unknown";
}

}  // namespace reprise
