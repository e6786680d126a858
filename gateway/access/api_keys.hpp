// API keys: the keys file, which lists credentials and their scopes.
//
//   # name   credential                       scopes
//   ops      sha256:9f86d081884c7d65...       read start signal manage
//   till-3   sha256:60303ae22b998861...       signal:cart start:checkout
//   billing  "cert:CN=billing,O=Example Ltd"  read
//
// A scope is a word, optionally limited to one type: an actor type, or an orchestration with all its
// versions. No scope implies another. Keys are 256 random bits, so one round of SHA-256 is enough to
// protect them in the file. A certificate is identified by its subject, as
// `openssl x509 -noout -subject -nameopt RFC2253` prints it.
//
// Threads: any; a key ring is immutable. Failure: cause::invalid, naming the line and the error.

#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "actors/failure.hpp"
#include "gateway/wire/scope.hpp"

namespace reprise::gateway {

// A scope that a principal has.
struct grant {
  scope what = scope::read;
  std::string type;  // empty: any
};
// Parses a word such as read or signal:cart. Failure: cause::invalid.
result<grant> read_grant(std::string_view word);
std::string text_of(const grant&);

using digest = std::array<unsigned char, 32>;
digest sha256(std::string_view);
std::string hex_of(const digest&);
std::optional<digest> digest_of_hex(std::string_view);  // nothing: not 64 hexadecimal digits

// An authenticated client with its scopes.
struct principal {
  std::string name;
  std::vector<grant> grants;

  bool may(scope, std::string_view type) const noexcept;
  bool may_everywhere(scope what) const noexcept { return may(what, {}); }
  bool may_somewhere(scope) const noexcept;
};

// The parsed keys file.
class key_ring {
 public:
  static result<std::shared_ptr<const key_ring>> read(std::string_view text);
  static result<std::shared_ptr<const key_ring>> open(const std::string& path);

  // Returns the owner of a key; null if unknown. Takes the same time for any key: compares all entries.
  const principal* with_key(std::string_view secret) const;
  const principal* with_certificate(std::string_view subject) const;
  std::size_t size() const noexcept { return entries_.size(); }

 private:
  struct entry {
    std::unique_ptr<principal> who;
    bool is_key = true;
    digest hash{};        // of a key
    std::string subject;  // of a certificate
  };
  result<> add(const std::vector<std::string>& words);

  std::vector<entry> entries_;
};

// A new API key, and its line for the keys file.
struct fresh_key {
  std::string secret, line;
};
// Makes a random key. Failure: cause::invalid for a bad name or scope; cause::unavailable without
// random bytes.
result<fresh_key> make_key(const std::string& name, const std::vector<std::string>& scopes);

}  // namespace reprise::gateway
