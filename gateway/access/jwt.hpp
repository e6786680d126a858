// Tokens of an identity provider (JWT, RFC 7519), verified with the public keys of a file (JWKS,
// RFC 7517). A key knows its one algorithm: HS256, RS256 or ES256; a token that names another one is
// refused, whatever it says.
//
// A token must end (`exp`) and must be meant for us (`aud`, and `iss` where one is given); its `sub`
// is the principal, as jwt:SUB, and the words of its `scope` that are scopes of ours are the grants.
//
// Threads: any; never changes. Failure: cause::invalid with what is wrong, of a token without
// saying what it was.

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

class token_keys {
 public:
  static constexpr std::size_t max_token = 8u << 10;
  static constexpr std::chrono::seconds leeway{60};  // between the clocks of two machines
  using clock = std::chrono::system_clock;

  static result<std::shared_ptr<const token_keys>> read(std::string_view jwks, token_checks);
  static result<std::shared_ptr<const token_keys>> open(const std::string& path, token_checks);

  // Three parts with dots between: everything else is no token.
  static bool looks_like_one(std::string_view secret) noexcept;
  result<std::shared_ptr<const principal>> verify(std::string_view token,
                                                  clock::time_point now) const;

 private:
  enum class algorithm { hs256, rs256, es256 };
  struct key {
    std::string id;  // "": it has none
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
