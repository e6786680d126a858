#include "gateway/access/idempotency_key.hpp"

#include <algorithm>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "gateway/limits.hpp"
#include "gateway/wire/entity_tag.hpp"

namespace reprise::gateway {

namespace {

// Hashes the body and, if present, If-Match and If-None-Match.
std::uint64_t hash_of(const http_request& request) {
  const auto body = XXH3_64bits(request.body.data(), request.body.size());
  if (!has_condition(request)) return body;
  const auto condition = request.if_match + '\n' + request.if_none_match;
  return XXH3_64bits_withSeed(condition.data(), condition.size(), body);
}

}  // namespace

result<ask_options> once_of(const http_request& request) {
  ask_options options;
  options.trace = request.trace;
  if (!request.has_idempotency_key) return options;
  std::string_view key = request.idempotency_key;
  if (key.size() >= 2 && key.front() == '"' && key.back() == '"')
    key = key.substr(1, key.size() - 2);
  const bool printable =
      std::all_of(key.begin(), key.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
  if (key.empty() || key.size() > max_idempotency_key || !printable)
    return failure{cause::invalid,
                   "Idempotency-Key must be 1 to " + std::to_string(max_idempotency_key) +
                       " characters of printable ASCII",
                   false};
  options.once.emplace();
  options.once->principal = request.principal;
  options.once->key = key;
  options.once->body = hash_of(request);
  return options;
}

}  // namespace reprise::gateway
