// Signs URLs that grant their holder access to one instance until they expire: the management URLs of
// the Durable Functions surface, with `code=`.
//
//   rpu_<expiry, seconds since 1970, 10 hexadecimal digits>_<created, 16 digits>_
//       <HMAC-SHA256 of "expiry_created id", 64 digits>
//
// `created` is the creation time of the instance: a later instance with the same id, or a restart of it,
// is not covered. The holder may read, signal, steer and purge this instance, and nothing else: so the
// starter can pass the URL on.
//
// Threads: any; immutable.

#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "actors/failure.hpp"
#include "actors/time.hpp"
#include "gateway/access/api_keys.hpp"

namespace reprise::gateway {

class url_signer {
 public:
  using clock = std::chrono::system_clock;
  enum class finding { good, expired, forged };
  // The content of a code; set only if the signature is valid.
  struct opened {
    finding what = finding::forged;
    std::chrono::seconds until{0};  // since 1970
    time_point created{};           // creation time that the instance must have
  };

  url_signer(const digest& secret, std::chrono::seconds lifetime);
  // Reads the secret, 64 hexadecimal digits, from a file; creates the file with a new secret, readable
  // by its owner only, if it does not exist. Failure: cause::invalid, naming the file;
  // cause::unavailable without random bytes. `lifetime`: of the codes.
  static result<std::shared_ptr<const url_signer>> open(const std::string& path,
                                                        std::chrono::seconds lifetime);

  std::chrono::seconds expiry(clock::time_point now) const;  // of a code made now
  std::string code_for(std::string_view id, time_point created, std::chrono::seconds until) const;
  static bool looks_like_one(std::string_view code) noexcept;
  opened check(std::string_view code, std::string_view id, clock::time_point now) const;
  // Returns the name of a code in logs: 16 digits of its SHA-256, which grant nothing.
  static std::string name_of(std::string_view code);

 private:
  std::string signature(std::string_view signed_part, std::string_view id) const;

  const digest secret_;
  const std::chrono::seconds lifetime_;
};

}  // namespace reprise::gateway
