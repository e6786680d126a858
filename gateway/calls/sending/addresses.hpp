// Decides which addresses may be connected to: public ones, and ranges that an operator allows.
//
// It checks the address for which the socket is being opened, not a name or a text, so neither DNS
// rebinding nor unusual spellings of an address can bypass it.

#pragma once

#include <sys/socket.h>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "actors/failure.hpp"

namespace reprise::http::internal {

// "10.0.0.0/8", "fc00::/7", or one address.
class address_range {
 public:
  static std::optional<address_range> parse(std::string_view text);
  bool contains(const sockaddr& where, socklen_t size) const noexcept;

 private:
  int family_ = AF_UNSPEC;
  std::array<std::uint8_t, 16> first_{};  // IPv4 in the first four
  unsigned bits_ = 0;
};

class address_rules {
 public:
  // `let_through`: ranges that are always allowed. Failure: cause::invalid, naming what is not a range.
  static result<address_rules> parse(const std::vector<std::string>& let_through);

  // Returns why an address is refused, "private" for example; nothing if it is allowed.
  std::optional<std::string_view> refusal(const sockaddr& where, socklen_t size) const noexcept;

 private:
  std::vector<address_range> let_through_;
};

// Returns an address as text: "10.0.0.1", "fe80::1".
std::string address_text(const sockaddr& where, socklen_t size);

}  // namespace reprise::http::internal
