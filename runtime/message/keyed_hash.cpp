#include "runtime/message/keyed_hash.hpp"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <cassert>
#include <cstdint>

#include "persistence/keys.hpp"
#include "runtime/reading/store_failure.hpp"

namespace reprise::runtime {
namespace {

constexpr std::string_view secret_name = "secret";

using mac = std::unique_ptr<EVP_MAC, decltype(&EVP_MAC_free)>;
using mac_context = std::unique_ptr<EVP_MAC_CTX, decltype(&EVP_MAC_CTX_free)>;

mac_context owned(EVP_MAC_CTX* context) { return {context, &EVP_MAC_CTX_free}; }

const unsigned char* octets(std::string_view s) {
  return reinterpret_cast<const unsigned char*>(s.data());
}

}  // namespace

// Initialized once; every hash works on a copy.
struct keyed_hash::keyed {
  mac_context context;
};

keyed_hash::keyed_hash(std::string_view secret) {
  assert(secret.size() == size);
  const mac siphash(EVP_MAC_fetch(nullptr, "SIPHASH", nullptr), &EVP_MAC_free);
  assert(siphash);  // part of OpenSSL's default provider
  auto context = owned(EVP_MAC_CTX_new(siphash.get()));
  auto length = size;
  const OSSL_PARAM wanted[] = {OSSL_PARAM_construct_size_t(OSSL_MAC_PARAM_SIZE, &length),
                               OSSL_PARAM_construct_end()};
  [[maybe_unused]] const int set =
      EVP_MAC_init(context.get(), octets(secret), secret.size(), wanted);
  assert(set == 1);
  keyed_ = std::make_unique<const keyed>(keyed{std::move(context)});
}

keyed_hash::~keyed_hash() = default;

std::string keyed_hash::bytes(std::initializer_list<std::string_view> parts) const {
  const auto copy = owned(EVP_MAC_CTX_dup(keyed_->context.get()));
  assert(copy);
  for (const auto part : parts) {
    const std::uint64_t length = part.size();
    unsigned char written[8];
    for (unsigned i = 0; i < 8; ++i) written[i] = static_cast<unsigned char>(length >> 8 * i);
    EVP_MAC_update(copy.get(), written, sizeof written);
    EVP_MAC_update(copy.get(), octets(part), part.size());
  }
  std::string hash(size, '\0');
  std::size_t got = 0;
  [[maybe_unused]] const int done =
      EVP_MAC_final(copy.get(), reinterpret_cast<unsigned char*>(hash.data()), &got, hash.size());
  assert(done == 1 && got == size);
  return hash;
}

std::string keyed_hash::digits(std::initializer_list<std::string_view> parts) const {
  constexpr char digit[] = "0123456789abcdef";
  std::string text;
  for (const unsigned char c : bytes(parts)) (text += digit[c >> 4]) += digit[c & 15];
  return text;
}

result<std::string> folder_secret(const read_records& read, const std::string& fresh,
                                  persistence::batch& first) {
  persistence::load_request request;
  request.keys = {persistence::keys::meta(secret_name)};
  const auto stored = read(request);
  if (stored.error) return store_failure(*stored.error);
  const auto& secret = stored.values.empty() ? std::nullopt : stored.values.front();
  if (!stored.corrupt.empty() || (secret && secret->size() != keyed_hash::size))
    return failure{cause::corrupt, "the folder's secret is damaged; run store check", false};
  if (secret) return *secret;
  first.put(persistence::keys::meta(secret_name), fresh);
  return fresh;
}

}  // namespace reprise::runtime
