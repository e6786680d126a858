// URLs that open one instance for whoever holds them, until they expire: the management URLs of the
// Durable Functions surface, with `code=`.
//
//   rpu_<expiry, seconds since 1970, 10 hexadecimal digits>_<beginning, 16 digits>_
//       <HMAC-SHA256 of "expiry_beginning id", 64 digits>
//
// The beginning is the time at which the instance was created: who takes the id next, or begins it anew,
// is another one. Who started an instance may read, signal and steer it; who he gives the URL to may,
// too. It opens nothing else, and is not asked for in a body or a field.
//
// Threads: any; it never changes.

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
  // What stands in a code that was signed here; of a forged one nothing.
  struct opened {
    finding what = finding::forged;
    std::chrono::seconds until{0};  // since 1970
    time_point created{};           // its instance was, if it is the one that was meant
  };

  url_signer(const digest& secret, std::chrono::seconds lifetime);
  // The file's 64 hexadecimal digits; when there is no such file it is made, for its owner alone.
  // cause::invalid, naming the file.
  static result<std::shared_ptr<const url_signer>> open(const std::string& path,
                                                        std::chrono::seconds lifetime);

  std::chrono::seconds expiry(clock::time_point now) const;  // of a code that is made now
  std::string code_for(std::string_view id, time_point created, std::chrono::seconds until) const;
  static bool looks_like_one(std::string_view code) noexcept;
  opened check(std::string_view code, std::string_view id, clock::time_point now) const;
  // What logs call it: 16 digits of its SHA-256, which open nothing.
  static std::string name_of(std::string_view code);

 private:
  std::string signature(std::string_view signed_part, std::string_view id) const;

  const digest secret_;
  const std::chrono::seconds lifetime_;
};

}  // namespace reprise::gateway
