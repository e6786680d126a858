#include "gateway/access/jwt.hpp"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ecdsa.h>
#include <openssl/hmac.h>
#include <openssl/param_build.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <optional>

#include <simdjson.h>

#include "gateway/json/json_in.hpp"
#include "gateway/json/text.hpp"

namespace reprise::gateway {

namespace {

template <class T, void (*Free)(T*)>
struct freed {
  void operator()(T* p) const { Free(p); }
};
using number = std::unique_ptr<BIGNUM, freed<BIGNUM, BN_free>>;
using parameter_list = std::unique_ptr<OSSL_PARAM, freed<OSSL_PARAM, OSSL_PARAM_free>>;
using parameter_builder =
    std::unique_ptr<OSSL_PARAM_BLD, freed<OSSL_PARAM_BLD, OSSL_PARAM_BLD_free>>;
using key_context = std::unique_ptr<EVP_PKEY_CTX, freed<EVP_PKEY_CTX, EVP_PKEY_CTX_free>>;
using digest_context = std::unique_ptr<EVP_MD_CTX, freed<EVP_MD_CTX, EVP_MD_CTX_free>>;
using ecdsa_pair = std::unique_ptr<ECDSA_SIG, freed<ECDSA_SIG, ECDSA_SIG_free>>;

failure unusable(std::string text) { return {cause::invalid, std::move(text), false}; }

const unsigned char* bytes_of(std::string_view s) {
  return reinterpret_cast<const unsigned char*>(s.data());
}

// Decodes base64url without padding (RFC 7515).
std::optional<std::string> from_base64url(std::string_view text) {
  std::string standard(text);
  for (auto& c : standard) {
    if (c == '+' || c == '/' || c == '=') return std::nullopt;
    if (c == '-') c = '+';
    if (c == '_') c = '/';
  }
  standard.append((4 - standard.size() % 4) % 4, '=');
  return from_base64(standard);
}

number big_number_of(std::string_view bytes) {
  return number(BN_bin2bn(bytes_of(bytes), static_cast<int>(bytes.size()), nullptr));
}

std::shared_ptr<EVP_PKEY> public_key(const char* type, OSSL_PARAM_BLD* built) {
  const parameter_list parameters(OSSL_PARAM_BLD_to_param(built));
  const key_context context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  EVP_PKEY* made = nullptr;
  if (parameters == nullptr || context == nullptr || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &made, EVP_PKEY_PUBLIC_KEY, parameters.get()) != 1)
    return nullptr;
  return {made, EVP_PKEY_free};
}

std::shared_ptr<EVP_PKEY> rsa_key(std::string_view modulus, std::string_view exponent) {
  const auto n = big_number_of(modulus), e = big_number_of(exponent);
  const parameter_builder built(OSSL_PARAM_BLD_new());
  OSSL_PARAM_BLD_push_BN(built.get(), OSSL_PKEY_PARAM_RSA_N, n.get());
  OSSL_PARAM_BLD_push_BN(built.get(), OSSL_PKEY_PARAM_RSA_E, e.get());
  return public_key("RSA", built.get());
}

std::shared_ptr<EVP_PKEY> ec_key(std::string_view x, std::string_view y) {
  std::string point = "\x04";  // uncompressed point
  point.append(x).append(y);
  const parameter_builder built(OSSL_PARAM_BLD_new());
  OSSL_PARAM_BLD_push_utf8_string(built.get(), OSSL_PKEY_PARAM_GROUP_NAME, "P-256", 0);
  OSSL_PARAM_BLD_push_octet_string(built.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                   point.size());
  return public_key("EC", built.get());
}

// RFC 7518 3.4: r and s, 32 bytes each; OpenSSL takes them as DER.
std::string der_of(std::string_view signature) {
  const ecdsa_pair pair(ECDSA_SIG_new());
  ECDSA_SIG_set0(pair.get(), big_number_of(signature.substr(0, 32)).release(),
                 big_number_of(signature.substr(32)).release());
  unsigned char* der = nullptr;
  const int size = i2d_ECDSA_SIG(pair.get(), &der);
  if (size <= 0) return {};
  std::string text(reinterpret_cast<const char*>(der), static_cast<std::size_t>(size));
  OPENSSL_free(der);
  return text;
}

bool verify_with(EVP_PKEY* key, std::string_view text, std::string_view signature) {
  const digest_context context(EVP_MD_CTX_new());
  return EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key) == 1 &&
         EVP_DigestVerify(context.get(), bytes_of(signature), signature.size(), bytes_of(text),
                          text.size()) == 1;
}

// Returns whether `aud`, a string or a list of strings, contains `wanted`.
bool names(simdjson::dom::element claim, std::string_view wanted) {
  std::string_view one;
  if (claim.get(one) == simdjson::SUCCESS) return one == wanted;
  simdjson::dom::array several;
  if (claim.get(several) != simdjson::SUCCESS) return false;
  return std::any_of(several.begin(), several.end(), [&](simdjson::dom::element each) {
    std::string_view text;
    return each.get(text) == simdjson::SUCCESS && text == wanted;
  });
}

// Returns seconds since 1970, possibly with a fraction; nothing if absent, not a number, or in the year
// 10000 or later, which would mean that a token never expires.
std::optional<double> seconds_of(simdjson::dom::object claims, std::string_view name) {
  constexpr double year_10000 = 253'402'300'800;
  double seconds = 0;
  if (claims[name].get(seconds) != simdjson::SUCCESS || !(seconds < year_10000))
    return std::nullopt;
  return seconds;
}

// The same for an optional claim: 0, the year 1970, if it is absent.
std::optional<double> optional_seconds_of(simdjson::dom::object claims, std::string_view name) {
  return claims[name].error() == simdjson::SUCCESS ? seconds_of(claims, name) : 0.0;
}

std::vector<grant> grants_of(std::string_view scopes) {
  std::vector<grant> grants;
  while (!scopes.empty()) {
    const auto end = scopes.find(' ');
    if (auto one = read_grant(scopes.substr(0, end))) grants.push_back(std::move(*one));
    if (end == std::string_view::npos) break;
    scopes.remove_prefix(end + 1);
  }
  return grants;
}

// Returns the algorithm of a key type; "" if it is not supported.
std::string_view algorithm_for(std::string_view kind, std::string_view curve) {
  if (kind == "RSA") return "RS256";
  if (kind == "EC" && curve == "P-256") return "ES256";
  return kind == "oct" ? "HS256" : "";
}

// Returns why a key cannot sign tokens; "" if it can. Key sets may contain keys for other purposes, such
// as encryption (RFC 7517, 4 and 5); they are skipped.
std::string other_end(std::string_view key) {
  const auto use = json_member(key, "use"), how = json_member(key, "alg");
  if (!use.empty() && use != "sig") return "use " + use + " is not for signatures";
  const auto fitting = algorithm_for(json_member(key, "kty"), json_member(key, "crv"));
  if (fitting.empty()) return "wanted kty RSA, EC with crv P-256, or oct";
  if (!how.empty() && how != fitting)
    return "alg " + how + " is not served; for this key it is " + std::string(fitting);
  return {};
}

}  // namespace

result<token_keys::key> token_keys::read_key(std::string_view json) {
  const auto text = [&](std::string_view name) { return json_member(json, name); };
  const auto part = [&](std::string_view name) { return from_base64url(text(name)).value_or(""); };
  key one;
  one.id = text("kid");
  const auto kind = text("kty");
  if (kind == "RSA") {
    one.shared = rsa_key(part("n"), part("e"));
    if (one.shared == nullptr || EVP_PKEY_get_bits(one.shared.get()) < 2048)
      return unusable("an RSA key needs n and e, of 2048 bits or more");
  } else if (kind == "EC") {
    one.how = algorithm::es256;
    const auto x = part("x"), y = part("y");
    if (x.size() == 32 && y.size() == 32) one.shared = ec_key(x, y);
    if (one.shared == nullptr) return unusable("x and y are no point of P-256");
  } else {
    one.how = algorithm::hs256;
    one.secret = part("k");
    if (one.secret.size() < 32) return unusable("a shared secret needs k, of 32 bytes or more");
  }
  return one;
}

result<std::shared_ptr<const token_keys>> token_keys::read(std::string_view jwks,
                                                           token_checks checks) {
  if (const auto whole = check_json(jwks); !whole) return whole.error();
  simdjson::dom::parser parser;
  simdjson::dom::array all;
  if (parser.parse(jwks.data(), jwks.size(), true)["keys"].get(all) != simdjson::SUCCESS)
    return unusable("it is no JSON Web Key Set: {\"keys\":[...]}");
  auto made = std::make_shared<token_keys>();
  made->checks_ = std::move(checks);
  std::size_t number = 0;
  std::string none = "it has no keys";  // the reason if no key is usable
  for (const auto each : all) {
    const auto text = simdjson::minify(each);
    const auto name = "key " + std::to_string(++number) + ": ";
    if (const auto why = other_end(text); !why.empty()) {
      if (number == 1) none = name + why;
      continue;
    }
    auto one = read_key(text);
    if (!one) return unusable(name + one.error().text);
    made->keys_.push_back(std::move(*one));
  }
  if (made->keys_.empty()) return unusable(none);
  return std::shared_ptr<const token_keys>(std::move(made));
}

result<std::shared_ptr<const token_keys>> token_keys::open(const std::string& path,
                                                           token_checks checks) {
  std::ifstream file(path);
  const std::string text(std::istreambuf_iterator<char>(file), {});
  if (!file.is_open() || file.bad()) return unusable("the JWKS file " + path + " cannot be read");
  auto keys = read(text, std::move(checks));
  if (!keys) return unusable("the JWKS file " + path + ": " + keys.error().text);
  return keys;
}

bool token_keys::looks_like_one(std::string_view secret) noexcept {
  return std::count(secret.begin(), secret.end(), '.') == 2;
}

bool token_keys::is_signed_by(const key& by, std::string_view text, std::string_view signature) {
  switch (by.how) {
    case algorithm::rs256:
      return verify_with(by.shared.get(), text, signature);
    case algorithm::es256:
      return signature.size() == 64 && verify_with(by.shared.get(), text, der_of(signature));
    case algorithm::hs256:
      break;
  }
  std::array<unsigned char, 32> own{};
  unsigned size = 0;
  HMAC(EVP_sha256(), by.secret.data(), static_cast<int>(by.secret.size()), bytes_of(text),
       text.size(), own.data(), &size);
  return size == own.size() && signature.size() == own.size() &&
         CRYPTO_memcmp(own.data(), signature.data(), own.size()) == 0;
}

result<std::shared_ptr<const principal>> token_keys::verify(std::string_view token,
                                                            clock::time_point now) const {
  constexpr std::string_view words[] = {"HS256", "RS256", "ES256"};
  if (token.size() > max_token) return unusable("the token is larger than 8 KiB");
  const auto first = token.find('.'), second = token.rfind('.');
  const auto header = from_base64url(token.substr(0, first));
  const auto claims = from_base64url(token.substr(first + 1, second - first - 1));
  const auto signature = from_base64url(token.substr(second + 1));
  if (!header || !claims || !signature || !check_json(*header) || !check_json(*claims))
    return unusable("the token is malformed");
  if (!json_text(*header, "crit").empty())
    return unusable("the token asks for an extension that is not known here");
  const auto how = json_member(*header, "alg"), id = json_member(*header, "kid");
  const auto fits = [&](const key& one) {
    return how == words[static_cast<std::size_t>(one.how)] && (id.empty() || one.id == id) &&
           is_signed_by(one, token.substr(0, second), *signature);
  };
  if (std::none_of(keys_.begin(), keys_.end(), fits))
    return unusable("no key of this server has signed the token");
  return principal_of(*claims, now);
}

result<std::shared_ptr<const principal>> token_keys::principal_of(std::string_view json,
                                                                  clock::time_point now) const {
  simdjson::dom::parser parser;
  simdjson::dom::object claims;
  std::string_view subject, issuer, scopes;
  if (parser.parse(json.data(), json.size(), true).get(claims) != simdjson::SUCCESS ||
      claims["sub"].get(subject) != simdjson::SUCCESS || subject.empty() || subject.size() > 256)
    return unusable("the token names nobody (sub)");
  const auto second = std::chrono::duration<double>(now.time_since_epoch()).count();
  const auto grace = static_cast<double>(leeway.count());
  const auto end = seconds_of(claims, "exp");
  if (!end || second >= *end + grace) return unusable("the token has expired, or never does (exp)");
  const auto begin = optional_seconds_of(claims, "nbf");
  if (!begin || second < *begin - grace) return unusable("the token is not valid yet (nbf)");
  const auto made = optional_seconds_of(claims, "iat");
  if (!made || second < *made - grace) return unusable("the token was made in the future (iat)");
  simdjson::dom::element audience;
  if (claims["aud"].get(audience) != simdjson::SUCCESS || !names(audience, checks_.audience))
    return unusable("the token is not meant for " + checks_.audience + " (aud)");
  if (!checks_.issuer.empty() &&
      (claims["iss"].get(issuer) != simdjson::SUCCESS || issuer != checks_.issuer))
    return unusable("the token is not from " + checks_.issuer + " (iss)");
  auto who = std::make_shared<principal>();
  who->name = "jwt:" + std::string(subject);
  if (claims["scope"].get(scopes) == simdjson::SUCCESS) who->grants = grants_of(scopes);
  return std::shared_ptr<const principal>(std::move(who));
}

}  // namespace reprise::gateway
