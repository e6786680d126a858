// What a client can add to a request: an idempotency key, a trace, a precondition.

#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "runtime/precondition.hpp"
#include "runtime/trace_context.hpp"

namespace reprise {

// Makes an effect happen once per key, however often it is requested. The key is scoped to (principal,
// target, operation).
struct idempotency {
  std::string principal;  // the caller's identity; empty: all callers share one
  std::string key;
  std::uint64_t body = 0;  // hash of the request; a different one gives cause::mismatch
};

// What a request may carry beside its input; all of it is optional.
struct ask_options {
  std::optional<reprise::idempotency> once;
  // The trace that this request belongs to. Without one, or with one that is not sampled, no spans are
  // reported.
  trace_context trace{};
  // For an operation, the removal of an actor or, with `created_at`, a request to an instance; anything
  // else gives cause::invalid.
  std::optional<precondition> only_if{};
};

}  // namespace reprise
