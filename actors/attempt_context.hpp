// What an activity may know about its call: an identity that is the same for every attempt and
// after every restart, so that the outside world can be made idempotent with it.

#pragma once

#include <cstdint>
#include <stop_token>
#include <string>
#include <utility>

namespace reprise {

class attempt_context {
 public:
  explicit attempt_context(std::string id, std::uint32_t attempt = 1, std::stop_token cancel = {})
      : id_(std::move(id)), attempt_(attempt), cancel_(std::move(cancel)) {}

  const std::string& id() const noexcept { return id_; }
  std::uint32_t attempt() const noexcept { return attempt_; }  // counts from 1
  // The answer is no longer wanted: a long computation may stop. Ignoring it is allowed.
  bool cancelled() const noexcept { return cancel_.stop_requested(); }
  const std::stop_token& stop() const noexcept { return cancel_; }

 private:
  std::string id_;
  std::uint32_t attempt_;
  std::stop_token cancel_;
};

}  // namespace reprise
