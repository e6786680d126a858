#include "gateway/access/url_signer.hpp"

#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <unistd.h>

#include <cassert>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>

#include "gateway/json/text.hpp"

namespace reprise::gateway {

namespace {

constexpr std::string_view prefix = "rpu_";
constexpr std::size_t expiry_digits = 10, signature_digits = 64;
constexpr std::size_t created_digits = 16, name_digits = 16;
constexpr std::size_t signed_size = expiry_digits + 1 + created_digits;
constexpr std::size_t code_size = prefix.size() + signed_size + 1 + signature_digits;

std::uint64_t number_of(std::string_view digits) {
  std::uint64_t number = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), number, 16);
  return number;
}

failure wrong(const std::string& path, const std::string& what) {
  return {cause::invalid, "the secret of signed URLs, " + path + ": " + what, false};
}

// Creates the file atomically, and never overwrites an existing one.
result<digest> make_secret(const std::string& path) {
  digest chance{};
  if (RAND_bytes(chance.data(), static_cast<int>(chance.size())) != 1)
    return failure{cause::unavailable, "the system gives no random bytes", true};
  const auto line = hex_of(chance) + '\n';
  const auto fresh = path + ".new";
  const int file = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) return wrong(path, std::string("it cannot be made: ") + std::strerror(errno));
  const bool written =
      ::write(file, line.data(), line.size()) == static_cast<ssize_t>(line.size()) &&
      ::fsync(file) == 0;
  const bool closed = ::close(file) == 0;
  const bool named = written && closed && ::link(fresh.c_str(), path.c_str()) == 0;
  const int why = errno;
  ::unlink(fresh.c_str());
  if (!named) return wrong(path, std::string("it cannot be made: ") + std::strerror(why));
  return chance;
}

}  // namespace

url_signer::url_signer(const digest& secret, std::chrono::seconds lifetime)
    : secret_(secret), lifetime_(lifetime) {}

result<std::shared_ptr<const url_signer>> url_signer::open(const std::string& path,
                                                           std::chrono::seconds lifetime) {
  if (::access(path.c_str(), F_OK) != 0 && errno == ENOENT) {
    const auto made = make_secret(path);
    if (!made) return made.error();
    return std::make_shared<const url_signer>(*made, lifetime);
  }
  std::ifstream file(path);
  std::string line;
  if (!std::getline(file, line)) return wrong(path, "it cannot be read");
  const auto secret = digest_of_hex(line);
  if (!secret)
    return wrong(path,
                 "its first line must be 64 hexadecimal digits; without the file a new one is "
                 "made, and URLs signed before are worth nothing");
  return std::make_shared<const url_signer>(*secret, lifetime);
}

std::string url_signer::signature(std::string_view signed_part, std::string_view id) const {
  const auto text = std::string(signed_part) + ' ' + std::string(id);
  digest out{};
  unsigned size = 0;
  const auto* made =
      HMAC(EVP_sha256(), secret_.data(), static_cast<int>(secret_.size()),
           reinterpret_cast<const unsigned char*>(text.data()), text.size(), out.data(), &size);
  assert(made != nullptr && size == out.size());
  static_cast<void>(made);
  return hex_of(out);
}

std::chrono::seconds url_signer::expiry(clock::time_point now) const {
  return std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()) + lifetime_;
}

std::string url_signer::code_for(std::string_view id, time_point created,
                                 std::chrono::seconds until) const {
  std::string wide;
  append_hex(wide, static_cast<std::uint64_t>(until.count()));
  auto signed_part = wide.substr(wide.size() - expiry_digits) + '_';
  append_hex(signed_part, static_cast<std::uint64_t>(created.time_since_epoch().count()));
  return std::string(prefix) + signed_part + '_' + signature(signed_part, id);
}

bool url_signer::looks_like_one(std::string_view code) noexcept { return code.starts_with(prefix); }

url_signer::opened url_signer::check(std::string_view code, std::string_view id,
                                     clock::time_point now) const {
  if (code.size() != code_size || !looks_like_one(code) || code[prefix.size() + signed_size] != '_')
    return {};
  const auto signed_part = code.substr(prefix.size(), signed_size);
  const auto given = code.substr(code_size - signature_digits);
  const auto right = signature(signed_part, id);
  if (CRYPTO_memcmp(given.data(), right.data(), right.size()) != 0) return {};
  opened one;
  one.until = std::chrono::seconds(number_of(signed_part.substr(0, expiry_digits)));
  const auto created = number_of(signed_part.substr(signed_size - created_digits));
  one.created = time_point(duration(static_cast<duration::rep>(created)));
  one.what = now >= clock::time_point(one.until) ? finding::expired : finding::good;
  return one;
}

std::string url_signer::name_of(std::string_view code) {
  return hex_of(sha256(code)).substr(0, name_digits);
}

}  // namespace reprise::gateway
