// Any text as a keys file, as a set of token keys, as a token, and as what a token of ours says: read or
// refused. What is read names somebody, and never a key that has no scopes.

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "gateway/access/api_keys.hpp"
#include "gateway/access/jwt.hpp"
#include "gateway/json/text.hpp"

using namespace reprise;
using namespace reprise::gateway;

namespace {

void require(bool held) {
  if (!held) std::abort();
}

const std::string secret(32, 's');

std::string base64url(std::string_view bytes) {
  std::string text;
  append_base64(text, bytes);
  for (auto& c : text) c = c == '+' ? '-' : c == '/' ? '_' : c;
  while (text.ends_with('=')) text.pop_back();
  return text;
}

// Signed, so that the claims are looked at.
std::string token_of(std::string_view claims) {
  auto text = base64url(R"({"alg":"HS256"})") + "." + base64url(claims);
  std::string mac(32, '\0');
  HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(),
       reinterpret_cast<unsigned char*>(mac.data()), nullptr);
  return text + "." + base64url(mac);
}

const token_keys& ours() {
  static const auto keys = *token_keys::read(
      R"({"keys":[{"kty":"oct","k":")" + base64url(secret) + R"("}]})", {"shop", ""});
  return *keys;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  const token_keys::clock::time_point now{std::chrono::seconds(1'800'000'000)};
  if (const auto ring = key_ring::read(text)) require((*ring)->size() > 0);
  static_cast<void>(token_keys::read(text, {"shop", ""}));
  static_cast<void>(ours().verify(text, now));
  if (const auto who = ours().verify(token_of(text), now)) {
    require((*who)->name.size() > 4);
    require(text.find("shop") != std::string_view::npos ||
            text.find('\\') != std::string_view::npos);
  }
  return 0;
}
