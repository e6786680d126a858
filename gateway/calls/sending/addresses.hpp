// Which addresses may be connected to: public ones, and the ranges that an operator lets through.
//
// It looks at the address that the socket is being opened for, not at a name or a text: what a name
// stood for a moment ago, and in how many ways a number can be written, makes no difference.

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
  // What is let through in any case; cause::invalid names what is no range.
  static result<address_rules> parse(const std::vector<std::string>& let_through);

  // Why this address is not connected to, "private" for example; nothing: it may be.
  std::optional<std::string_view> refusal(const sockaddr& where, socklen_t size) const noexcept;

 private:
  std::vector<address_range> let_through_;
};

// As people write it: "10.0.0.1", "fe80::1".
std::string address_text(const sockaddr& where, socklen_t size);

}  // namespace reprise::http::internal
