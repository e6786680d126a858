// Authenticates and authorizes a request from its credential and the scope of its route; never reads the
// body.
//
// A credential is an API key or a token (`Authorization: Bearer`, `x-functions-key`, on the Durable
// Functions routes also `code=`), or the client certificate. On the Durable Functions routes a signed
// URL is a credential too. A scope limited to a type covers paths that name the type, and instances of
// that orchestration, whose type only the node knows.
//
// Threads: any, also for replace(). Requests in progress keep the credentials they began with.

#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>

#include "actors/time.hpp"
#include "gateway/access/api_keys.hpp"
#include "gateway/access/rate_limiter.hpp"
#include "gateway/limits.hpp"
#include "gateway/wire/http_message.hpp"
#include "gateway/wire/route_kind.hpp"
#include "gateway/wire/surface.hpp"
#include "gateway/wire/target.hpp"

namespace reprise::gateway {

// The signed URL that a request used as its credential.
struct signed_url {
  time_point created{};           // when its instance was created
  std::chrono::seconds until{0};  // expiry, since 1970; URLs signed for its holder expire no later
};

// The decision about a request. If it is not refused, the router still checks the last two conditions.
struct admission {
  std::shared_ptr<const principal> who;  // null if not authenticated
  std::optional<http_response> refusal;  // 401, 403, 429
  bool depends_on_instance = false;      // check that a scope covers the type of the instance
  std::optional<signed_url> by{};  // check that the instance is the one the URL was signed for
};

class token_keys;
class url_signer;

// What requests are authenticated with. Keys or tokens may be null, not both.
struct known_credentials {
  std::shared_ptr<const key_ring> keys;
  std::shared_ptr<const token_keys> tokens;
  std::shared_ptr<const url_signer> urls{};  // null: URLs are not signed
};

class authorizer {
 public:
  authorizer(known_credentials, const limits&);

  // Authenticates the request, applies the rate limit of its principal and checks the route's scope.
  admission admit(const http_request&, const target&, const route_kind&) const;
  void replace(known_credentials);
  // Returns the `code=` for the URLs of an instance, identified by id and creation time; "" if URLs are
  // not signed. `by`: the signed URL of this request, whose expiry the new one inherits.
  std::string code_for(std::string_view id, time_point created,
                       const std::optional<signed_url>& by) const;
  bool signs_urls() const { return known().urls != nullptr; }

 private:
  known_credentials known() const;
  admission who_asks(const http_request&, const target&, const route_kind&) const;
  admission by_url(std::string_view code, const url_signer&, const route_kind&) const;
  rate_limiter& limiter_of(const principal&) const;

  const std::size_t rate_;
  mutable std::mutex mutex_;
  known_credentials known_;
  // One rate limiter per hash of a principal's name. Tokens can introduce any number of principals, so
  // there is not one for each; principals with the same hash share.
  const std::unique_ptr<rate_limiter[]> buckets_;
};

// Returns the 401 for a signed URL.
http_response bad_url(const surface&, const std::string& text);
// Returns the 403 that names the missing scope. `type`: the type it would have to cover; "": all types.
http_response lacks_scope(const principal&, const route_kind&, std::string_view type);

}  // namespace reprise::gateway
