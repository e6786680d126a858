// Tokens are made here with OpenSSL's private keys; the one of RFC 7515 A.1 (HS256) and of A.3 (ES256)
// show that both ends do not share one mistake.

#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rsa.h>

#include <memory>
#include <stdexcept>
#include <string>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "gateway/access/jwt.hpp"
#include "gateway/json/text.hpp"

namespace {

using namespace reprise;
using namespace reprise::gateway;
using namespace std::chrono_literals;
namespace data = boost::unit_test::data;

const token_keys::clock::time_point today{1'800'000'000s};

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::string base64url(std::string_view bytes) {
  std::string text;
  append_base64(text, bytes);
  for (auto& c : text) c = c == '+' ? '-' : c == '/' ? '_' : c;
  while (text.ends_with('=')) text.pop_back();
  return text;
}

std::string number_of(const EVP_PKEY* key, const char* name) {
  BIGNUM* n = nullptr;
  BOOST_TEST_REQUIRE(EVP_PKEY_get_bn_param(key, name, &n) == 1);
  std::string bytes(static_cast<std::size_t>(BN_num_bytes(n)), '\0');
  BN_bn2bin(n, reinterpret_cast<unsigned char*>(bytes.data()));
  BN_free(n);
  return bytes;
}

std::string padded(const std::string& bytes) {
  return std::string(32 - bytes.size(), '\0') + bytes;
}

// One key of each kind, and the set that an identity provider would publish.
struct provider {
  std::shared_ptr<EVP_PKEY> rsa{EVP_RSA_gen(2048), EVP_PKEY_free};
  std::shared_ptr<EVP_PKEY> ec{EVP_EC_gen("P-256"), EVP_PKEY_free};
  std::string secret = std::string(32, 's');

  std::string set() const {
    return R"({"keys":[{"kty":"RSA","kid":"r","alg":"RS256","use":"sig","n":")" +
           base64url(number_of(rsa.get(), OSSL_PKEY_PARAM_RSA_N)) + R"(","e":")" +
           base64url(number_of(rsa.get(), OSSL_PKEY_PARAM_RSA_E)) +
           R"("},{"kty":"EC","kid":"e","crv":"P-256","x":")" +
           base64url(padded(number_of(ec.get(), OSSL_PKEY_PARAM_EC_PUB_X))) + R"(","y":")" +
           base64url(padded(number_of(ec.get(), OSSL_PKEY_PARAM_EC_PUB_Y))) +
           R"("},{"kty":"oct","kid":"h","k":")" + base64url(secret) + R"("}]})";
  }

  std::string token(const std::string& header, const std::string& claims, char kind) const {
    const auto text = base64url(header) + "." + base64url(claims);
    return text + "." + base64url(kind == 'h' ? mac(text) : signature(text, kind));
  }

 private:
  std::string mac(const std::string& text) const {
    std::string out(32, '\0');
    HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
         reinterpret_cast<const unsigned char*>(text.data()), text.size(),
         reinterpret_cast<unsigned char*>(out.data()), nullptr);
    return out;
  }
  std::string signature(const std::string& text, char kind) const {
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                          EVP_MD_CTX_free);
    std::string out(512, '\0');
    std::size_t size = out.size();
    auto* bytes = reinterpret_cast<unsigned char*>(out.data());
    EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr,
                       kind == 'r' ? rsa.get() : ec.get());
    BOOST_TEST_REQUIRE(EVP_DigestSign(context.get(), bytes, &size,
                                      reinterpret_cast<const unsigned char*>(text.data()),
                                      text.size()) == 1);
    out.resize(size);
    return kind == 'r' ? out : raw(out);
  }
  static std::string raw(const std::string& der) {
    const auto* at = reinterpret_cast<const unsigned char*>(der.data());
    const std::unique_ptr<ECDSA_SIG, decltype(&ECDSA_SIG_free)> pair(
        d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size())), ECDSA_SIG_free);
    std::string out(64, '\0');
    BN_bn2binpad(ECDSA_SIG_get0_r(pair.get()), reinterpret_cast<unsigned char*>(out.data()), 32);
    BN_bn2binpad(ECDSA_SIG_get0_s(pair.get()), reinterpret_cast<unsigned char*>(out.data()) + 32,
                 32);
    return out;
  }
};

const provider& theirs() {
  static const provider one;
  return one;
}

const std::string claims = R"({"sub":"ann","aud":"shop","iss":"https://id","exp":1800000100,)"
                           R"("scope":"openid read signal:cart"})";
std::string changed(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  if (at == std::string::npos) throw std::logic_error("no " + from);
  return text.replace(at, from.size(), to);
}

std::shared_ptr<const token_keys> keys() {
  const auto read = token_keys::read(theirs().set(), {"shop", "https://id"});
  BOOST_TEST_REQUIRE(!!read);
  return *read;
}

struct row {
  std::string what, header, claims;
  char kind;
  std::string says;
};
std::ostream& operator<<(std::ostream& out, const row& r) { return out << r.what; }

const row refused[] = {
    {"no algorithm", R"({"alg":"none"})", claims, 'h', "no key of this server"},
    {"another algorithm", R"({"alg":"HS512"})", claims, 'h', "no key of this server"},
    // The classic: the public key taken for a shared secret.
    {"algorithm of another key", R"({"alg":"HS256","kid":"r"})", claims, 'h', "no key"},
    {"another kid", R"({"alg":"RS256","kid":"x"})", claims, 'r', "no key"},
    {"extension", R"({"alg":"HS256","crit":["b64"]})", claims, 'h', "an extension"},
    {"header that is no JSON", "{", claims, 'h', "malformed"},
    {"claims twice", R"({"alg":"HS256"})", R"({"sub":"a","sub":"b"})", 'h', "malformed"},
    {"nobody", R"({"alg":"HS256"})", changed(claims, "\"ann\"", "\"\""), 'h', "names nobody"},
    {"expired", R"({"alg":"HS256"})", changed(claims, "1800000100", "1799999940"), 'h', "expired"},
    {"endless", R"({"alg":"HS256"})", changed(claims, "\"exp\"", "\"x\""), 'h',
     "expired, or never"},
    {"for ever", R"({"alg":"HS256"})", changed(claims, "1800000100", "1e308"), 'h',
     "expired, or never"},
    {"to the year 10000", R"({"alg":"HS256"})", changed(claims, "1800000100", "253402300800"), 'h',
     "expired, or never"},
    {"of tomorrow", R"({"alg":"HS256"})", changed(claims, "\"iss\"", "\"iat\":1800000061,\"iss\""),
     'h', "made in the future"},
    {"of no time", R"({"alg":"HS256"})", changed(claims, "\"iss\"", "\"iat\":\"now\",\"iss\""), 'h',
     "made in the future"},
    {"of the far future", R"({"alg":"HS256"})", changed(claims, "\"iss\"", "\"iat\":1e308,\"iss\""),
     'h', "made in the future"},
    {"from for ever on", R"({"alg":"HS256"})", changed(claims, "\"iss\"", "\"nbf\":1e308,\"iss\""),
     'h', "not valid yet"},
    {"not yet", R"({"alg":"HS256"})", changed(claims, "\"iss\"", "\"nbf\":1800000061,\"iss\""), 'h',
     "not valid yet"},
    {"no time", R"({"alg":"HS256"})", changed(claims, "\"iss\"", "\"nbf\":\"x\",\"iss\""), 'h',
     "not valid yet"},
    {"for others", R"({"alg":"HS256"})", changed(claims, "\"shop\"", "[\"bank\",1]"), 'h', "(aud)"},
    {"for nobody", R"({"alg":"HS256"})", changed(claims, "\"aud\"", "\"x\""), 'h', "(aud)"},
    {"from others", R"({"alg":"HS256"})", changed(claims, "https://id", "https://x"), 'h', "(iss)"},
};

struct bad_set {
  std::string text, says;
};
std::ostream& operator<<(std::ostream& out, const bad_set& b) { return out << b.says; }

const bad_set bad_sets[] = {
    {"{", "not one JSON value"},
    {"[]", "no JSON Web Key Set"},
    {R"({"keys":[]})", "it has no keys"},
    {R"({"keys":[{"kty":"OKP"}]})", "key 1: wanted kty RSA"},
    {R"({"keys":[{"kty":"EC","crv":"P-384"}]})", "key 1: wanted kty RSA"},
    {R"({"keys":[{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}]})", "no point of P-256"},
    {R"({"keys":[{"kty":"RSA","n":"AQAB","e":"AQAB"}]})", "of 2048 bits or more"},
    {R"({"keys":[{"kty":"RSA"}]})", "needs n and e"},
    {R"({"keys":[{"kty":"oct","k":"c2hvcnQ"}]})", "of 32 bytes or more"},
    {R"({"keys":[{"kty":"oct","alg":"HS512","k":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}]})",
     "alg HS512 is not served; for this key it is HS256"},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(tokens)

BOOST_AUTO_TEST_CASE(each_algorithm_of_the_list_is_verified) {
  const auto known = keys();
  for (const auto& [kind, header] :
       {std::pair('r', R"({"alg":"RS256","kid":"r"})"), std::pair('r', R"({"alg":"RS256"})"),
        std::pair('e', R"({"alg":"ES256","kid":"e"})"),
        std::pair('h', R"({"alg":"HS256","kid":"h"})")}) {
    const auto token = theirs().token(header, claims, kind);
    BOOST_TEST(token_keys::looks_like_one(token));
    const auto who = known->verify(token, today);
    BOOST_TEST_REQUIRE(!!who);
    BOOST_TEST((*who)->name == "jwt:ann");
    BOOST_TEST((*who)->may(scope::read, ""));
    BOOST_TEST((*who)->may(scope::signal, "cart"));
    BOOST_TEST(!(*who)->may(scope::signal, ""));
    BOOST_TEST(!(*who)->may_somewhere(scope::manage));
    // One bit of any part is another token.
    for (const std::size_t at : {std::size_t{20}, token.find('.') + 20, token.rfind('.') + 10}) {
      auto other = token;
      other[at] = other[at] == 'A' ? 'B' : 'A';
      BOOST_TEST(!known->verify(other, today));
    }
  }
}

BOOST_DATA_TEST_CASE(a_token_that_is_not_for_us_now_is_refused, data::make(refused), one) {
  const auto who = keys()->verify(theirs().token(one.header, one.claims, one.kind), today);
  BOOST_TEST_REQUIRE(!who);
  BOOST_TEST(contains(who.error().text, one.says), who.error().text);
}

BOOST_AUTO_TEST_CASE(a_malformed_token_is_refused) {
  const auto known = keys();
  const auto token = theirs().token(R"({"alg":"HS256"})", claims, 'h');
  for (const auto& text : {std::string(".."), std::string("a.b.c"), token + "=", token + "\n",
                           "a" + token, std::string(9000, 'a') + "." + "."})
    BOOST_TEST(!known->verify(text, today), text);
  BOOST_TEST(!token_keys::looks_like_one("rpk_0"));
}

BOOST_AUTO_TEST_CASE(the_clocks_of_two_machines_may_differ_a_little) {
  const auto known = keys();
  const auto token = theirs().token(R"({"alg":"HS256"})", claims, 'h');
  BOOST_TEST(!!known->verify(token, today + 159s));
  BOOST_TEST(!known->verify(token, today + 160s));
}

BOOST_AUTO_TEST_CASE(times_are_taken_to_their_borders) {
  const auto good = [](const std::string& said) {
    return bool(keys()->verify(theirs().token(R"({"alg":"HS256"})", said, 'h'), today));
  };
  BOOST_TEST(good(changed(claims, "1800000100", "253402300799")));
  BOOST_TEST(good(changed(claims, "\"iss\"", "\"iat\":1800000060,\"iss\"")));
  BOOST_TEST(good(changed(claims, "\"iss\"", "\"iat\":-1.5,\"iss\"")));
}

BOOST_AUTO_TEST_CASE(a_token_for_several_audiences_is_accepted_when_one_is_ours) {
  const auto several = changed(claims, "\"shop\"", "[\"bank\",\"shop\"]");
  BOOST_TEST(!!keys()->verify(theirs().token(R"({"alg":"HS256"})", several, 'h'), today));
}

BOOST_DATA_TEST_CASE(a_set_of_keys_that_cannot_be_used_is_refused, data::make(bad_sets), one) {
  const auto read = token_keys::read(one.text, {"shop", ""});
  BOOST_TEST_REQUIRE(!read);
  BOOST_TEST(contains(read.error().text, one.says), read.error().text);
}

// As identity providers give them: with keys to encrypt, and with kinds of keys that are not served.
BOOST_AUTO_TEST_CASE(keys_for_other_ends_are_passed_over) {
  const auto token = theirs().token(R"({"alg":"RS256","kid":"r"})", claims, 'r');
  for (const std::string other :
       {R"({"kty":"OKP","crv":"Ed25519","x":"AA"})", R"({"kty":"EC","crv":"P-384"})",
        R"({"kty":"RSA","alg":"RSA-OAEP","use":"enc","n":"AQAB","e":"AQAB"})",
        R"({"kty":"oct","alg":"HS512"})"}) {
    const auto read =
        token_keys::read(changed(theirs().set(), "[", "[" + other + ","), {"shop", "https://id"});
    BOOST_TEST_REQUIRE(!!read, other);
    BOOST_TEST(!!(*read)->verify(token, today), other);
  }
  // The same key, but not for signatures.
  const auto read =
      token_keys::read(changed(theirs().set(), "\"sig\"", "\"enc\""), {"shop", "https://id"});
  BOOST_TEST_REQUIRE(!!read);
  BOOST_TEST(!(*read)->verify(token, today));
}

BOOST_AUTO_TEST_CASE(the_signatures_of_rfc_7515_are_good) {
  const auto read = token_keys::read(
      R"({"keys":[{"kty":"oct","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"},)"
      R"({"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}]})",
      {"shop", ""});
  BOOST_TEST_REQUIRE(!!read);
  // Both are of 2011 and name nobody: that this is what is wrong with them shows that the signature is
  // right.
  const std::string body =
      "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVl"
      "fQ";
  for (const auto& token : {"eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9." + body +
                                ".dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
                            "eyJhbGciOiJFUzI1NiJ9." + body +
                                ".DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-"
                                "F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"})
    BOOST_TEST(contains((*read)->verify(token, today).error().text, "names nobody"));
}

BOOST_AUTO_TEST_SUITE_END()
