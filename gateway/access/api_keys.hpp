// Who may ask, and for what: the lines of a keys file.
//
//   # name   credential                       scopes
//   ops      sha256:9f86d081884c7d65...       read start signal manage
//   till-3   sha256:60303ae22b998861...       signal:cart start:checkout
//   billing  "cert:CN=billing,O=Example Ltd"  read
//
// A scope is a word, or a word and the one type that it is limited to: of an actor, or the name of an
// orchestration in all its versions. Nothing is implied by anything. Keys are 256 bits of chance, so
// one round of SHA-256 keeps them secret in the file; a certificate is named by its subject, as
// `openssl x509 -noout -subject -nameopt RFC2253` shows it.
//
// Threads: a ring never changes, any may read it. Failure: cause::invalid, naming the line and what
// is wrong there.

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

struct grant {
  scope what = scope::read;
  std::string type;  // empty: any
};
// read, signal:cart, ... Failure: cause::invalid with what is wrong.
result<grant> read_grant(std::string_view word);
std::string text_of(const grant&);

using digest = std::array<unsigned char, 32>;
digest sha256(std::string_view);
std::string hex_of(const digest&);
std::optional<digest> digest_of_hex(std::string_view);  // nothing: not its 64 digits

struct principal {
  std::string name;
  std::vector<grant> grants;

  bool may(scope, std::string_view type) const noexcept;
  bool may_everywhere(scope what) const noexcept { return may(what, {}); }
  bool may_somewhere(scope) const noexcept;
};

class key_ring {
 public:
  static result<std::shared_ptr<const key_ring>> read(std::string_view text);
  static result<std::shared_ptr<const key_ring>> open(const std::string& path);

  // Null: nobody's. The search looks at every line, whatever it finds on the way.
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

// A new key, and the line of the file that lets it in.
struct fresh_key {
  std::string secret, line;
};
result<fresh_key> make_key(const std::string& name, const std::vector<std::string>& scopes);

}  // namespace reprise::gateway
