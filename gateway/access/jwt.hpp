// Tokens of an identity provider (JWT, RFC 7519), verified with the keys of a file (JWKS, RFC 7517).
// Each key has exactly one algorithm, HS256, RS256 or ES256, which the type of the key determines. A
// token cannot choose another one.
//
// A token must expire (`exp`) and be issued for this server (`aud`, and `iss` if one is configured).
// `sub` is the principal, as jwt:SUB. The words of `scope` that are known scopes are the grants; others
// are ignored.
//
// Threads: any; immutable. Failure: cause::invalid with the reason, which never quotes the token.

#pragma once

#include <openssl/evp.h>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "actors/failure.hpp"
#include "gateway/access/api_keys.hpp"

namespace reprise::gateway {

struct token_checks {
  std::string audience;
  std::string issuer;  // empty: any
};

// The keys of a JWKS file that can sign tokens.
class token_keys {
 public:
  static constexpr std::size_t max_token = 8u << 10;  // bytes
  static constexpr std::chrono::seconds leeway{60};   // tolerated difference between two clocks
  using clock = std::chrono::system_clock;

  static result<std::shared_ptr<const token_keys>> read(std::string_view jwks, token_checks);
  static result<std::shared_ptr<const token_keys>> open(const std::string& path, token_checks);

  // Returns whether a credential has the form of a token: three parts with dots between.
  static bool looks_like_one(std::string_view secret) noexcept;
  // Checks signature and claims of a token that looks like one, and returns its principal.
  result<std::shared_ptr<const principal>> verify(std::string_view token,
                                                  clock::time_point now) const;

 private:
  enum class algorithm { hs256, rs256, es256 };
  struct key {
    std::string id;  // kid; "" without one
    algorithm how = algorithm::rs256;
    std::shared_ptr<EVP_PKEY> shared;  // RSA, EC
    std::string secret;                // HS256
  };
  static result<key> read_key(std::string_view json);
  static bool is_signed_by(const key&, std::string_view text, std::string_view signature);
  result<std::shared_ptr<const principal>> principal_of(std::string_view claims,
                                                        clock::time_point now) const;

  token_checks checks_;
  std::vector<key> keys_;
};

}  // namespace reprise::gateway
