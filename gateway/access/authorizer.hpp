// The door: who asks, and whether he may. Of a request it looks at the credential and at what the
// route needs, never at the body.
//
// A credential is a key or a token (`Authorization: Bearer`, `x-functions-key`, on the compatible
// routes also `code=`), or the certificate of the connection. A scope that is limited to a type opens what names
// the type in its path, and instances of that orchestration: for those the node has to be asked.
//
// Threads: any; `replace` too. Requests that are under way keep the ring that they began with.

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
#include "gateway/wire/target.hpp"

namespace reprise::gateway {

// The signed URL by which a request came.
struct signed_url {
  time_point created{};           // when its instance was
  std::chrono::seconds until{0};  // since 1970; what is signed for its holder lasts no longer
};

struct admission {
  std::shared_ptr<const principal> who;  // null when nobody is known
  std::optional<http_response> refusal;  // 401, 403, 429
  bool depends_on_instance = false;      // may, if the instance is of a type that he may
  std::optional<signed_url> by{};        // may, if the instance is the one that was meant
};

class token_keys;
class url_signer;

// Keys or tokens may be null, not both.
struct known_credentials {
  std::shared_ptr<const key_ring> keys;
  std::shared_ptr<const token_keys> tokens;
  std::shared_ptr<const url_signer> urls{};  // null: none is signed
};

class authorizer {
 public:
  authorizer(known_credentials, const limits&);

  admission admit(const http_request&, const target&, const route_kind&) const;
  void replace(known_credentials);
  // What the URLs of the instance of this id that was created then take as `code=` from now on; "" when
  // none is signed. `by`: on behalf of the holder of this URL.
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
  // Principals have no home of their own: tokens name new ones. Two whose names fall together share.
  const std::unique_ptr<rate_limiter[]> buckets_;
};

// 401 of a signed URL.
http_response bad_url(const route_kind&, const std::string& text);
// 403: `type` is what the scope would have to cover; empty: everything.
http_response lacks_scope(const principal&, const route_kind&, std::string_view type);

}  // namespace reprise::gateway
