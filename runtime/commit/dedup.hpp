// Idempotency: effects from outside that happen once per key. What a host does with `message::once`.
//
// The record is stored under the target's address and removed only by age. It is written in the
// effect's transition, with the answer. A refusal before the turn is not recorded; a rejection by the
// turn is.

#pragma once

#include <optional>
#include <string>
#include <utility>

#include "persistence/limits.hpp"
#include "runtime/commit/node_clock.hpp"
#include "runtime/commit/transition.hpp"
#include "runtime/message/records.hpp"

namespace reprise::runtime {

struct dedup_finding {
  bool known = false;                    // the record has been looked up
  std::optional<records::dedup> record;  // set if it exists and has not expired
};

// The operation name that a message's key is recorded under. User operations never contain "~".
struct once_scope_of {
  std::string_view operator()(const call_body& b) const { return b.operation; }
  std::string_view operator()(const erase_body&) const { return "~erase"; }
  std::string_view operator()(const unlock_body&) const { return "~unlock"; }
  std::string_view operator()(const start_body&) const { return "start"; }
  std::string_view operator()(const raised_body&) const { return "raise"; }
  std::string_view operator()(const suspend_body&) const { return "suspend"; }
  std::string_view operator()(const resume_body&) const { return "resume"; }
  std::string_view operator()(const rewind_body&) const { return "rewind"; }
  std::string_view operator()(const restart_body&) const { return "restart"; }
  std::string_view operator()(const purge_body&) const { return "purge"; }
  std::string_view operator()(const terminate_body&) const { return "terminate"; }
  // Never sent with a key.
  std::string_view operator()(const answer_body&) const { return "~answer"; }
  std::string_view operator()(const fired_body&) const { return "~fired"; }
  std::string_view operator()(const lock_body&) const { return "~lock"; }
  std::string_view operator()(const retire_body&) const { return "~retire"; }
  std::string_view operator()(const expire_body&) const { return "~expire"; }
};
inline std::string_view once_scope(const message& m) { return std::visit(once_scope_of{}, m.body); }

inline std::string dedup_key(const address& self, std::string_view operation, const once& o) {
  return persistence::keys::dedup(records::owner_of(self), operation, o.hash);
}

inline dedup_finding read_dedup(const std::optional<std::string>& value, node_clock& clock) {
  dedup_finding found{true, std::nullopt};
  if (value) found.record = records::decode_dedup(*value);
  if (found.record && found.record->at + limits::dedup_ttl < clock.now() && clock.may_forget())
    found.record.reset();
  return found;
}

// Returns the answer to a request whose key was used before.
inline result<payload> repeated(const records::dedup& record, const once& o) {
  if (record.body != o.body)
    return failure{cause::mismatch,
                   "this idempotency key was used before with another body or precondition", false};
  if (record.truncated)
    return failure{cause::limit, "answered before; the answer was longer than dedup_answer_bytes",
                   false};
  return record.outcome;
}

// Returns the record and its key, for a host that answers repeats from its own writes.
inline std::pair<std::string, std::string> write_dedup(transition& t, const address& self,
                                                       std::string_view operation, const once& o,
                                                       const result<payload>& answer) {
  records::dedup record{o.body, t.now(), answer, false};
  if ((answer ? answer->size() : answer.error().text.size()) > limits::dedup_answer_bytes) {
    record.outcome = payload{};
    record.truncated = true;
  }
  auto key = dedup_key(self, operation, o);
  auto value = records::encode(record);
  t.put(key, value);
  t.put(persistence::keys::dedup_age(t.now().time_since_epoch().count(), records::owner_of(self),
                                     operation, o.hash),
        "");
  return {std::move(key), std::move(value)};
}

}  // namespace reprise::runtime
