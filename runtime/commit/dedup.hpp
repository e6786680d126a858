// Effects from outside that happen once per key: what a host does with `message::once`.
//
// The record stands under the target's address and goes only by age. It is written in the
// transition of the effect, with the answer; a refusal before a turn is not recorded, a rejection
// is.

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
  bool known = false;                    // the record was looked for
  std::optional<records::dedup> record;  // it is there, and young enough
};

// The operation under which a key of a message is recorded. No operation of a user has a name with ~.
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
  // Nobody asks for these with a key.
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

// The answer to a request whose key was used before.
inline result<payload> repeated(const records::dedup& record, const once& o) {
  if (record.body != o.body)
    return failure{cause::mismatch,
                   "this idempotency key was used before with another body or precondition", false};
  if (record.truncated)
    return failure{cause::limit, "answered before; the answer was longer than dedup_answer_bytes",
                   false};
  return record.outcome;
}

// Gives the record and its key: a host that answers from its own writes keeps them there.
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
