// URLs that open one instance for whoever holds them, until they expire: the management URLs of the
// Durable Functions surface, with `code=`.
//
//   rpu_<expiry, seconds since 1970, 10 hexadecimal digits>_<HMAC-SHA256 of "expiry id", 64 digits>
//
// Who started an instance may read, signal and steer it; who he gives the URL to may, too. It opens
// nothing else, and is not asked for in a body or a field.
//
// Threads: any; it never changes.

#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "actors/failure.hpp"
#include "gateway/internal/keys.hpp"

namespace reprise::gateway {

class url_signer {
 public:
  using clock = std::chrono::system_clock;
  enum class finding { good, expired, forged };

  url_signer(const digest& secret, std::chrono::seconds lifetime);
  // The file's 64 hexadecimal digits; when there is no such file it is made, for its owner alone.
  // cause::invalid, naming the file.
  static result<std::shared_ptr<const url_signer>> open(const std::string& path,
                                                        std::chrono::seconds lifetime);

  std::string code_for(std::string_view id, clock::time_point now) const;
  static bool looks_like_one(std::string_view code) noexcept;
  finding check(std::string_view code, std::string_view id, clock::time_point now) const;

 private:
  std::string signature(std::string_view expiry, std::string_view id) const;

  const digest secret_;
  const std::chrono::seconds lifetime_;
};

}  // namespace reprise::gateway
