#include "runtime/reading/store_failure.hpp"

namespace reprise::runtime {

failure store_failure(const persistence::fault& f) {
  switch (f.code) {
    case persistence::errc::corrupt:
      return {cause::corrupt, f.text, false};
    case persistence::errc::full:
    case persistence::errc::not_written:
      return {cause::storage_full, f.text, true};
    default:
      return {cause::unavailable, f.text, true};
  }
}

}  // namespace reprise::runtime
