#include "gateway/calls/sending/addresses.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <charconv>
#include <cstring>

namespace reprise::http::internal {
namespace {

struct reserved_range {
  std::string_view range;
  std::string_view what;
};

// IANA's special-purpose registries (RFC 6890 and its updates), and multicast (RFC 5771).
constexpr reserved_range reserved_v4[] = {
    {"0.0.0.0/8", "unspecified"},
    {"10.0.0.0/8", "private"},
    {"100.64.0.0/10", "shared by a carrier's customers"},
    {"127.0.0.0/8", "loopback"},
    {"169.254.0.0/16", "link-local"},
    {"172.16.0.0/12", "private"},
    {"192.0.0.0/24", "for protocols"},
    {"192.0.2.0/24", "for documentation"},
    {"192.88.99.0/24", "a 6to4 relay"},
    {"192.168.0.0/16", "private"},
    {"198.18.0.0/15", "for benchmarks"},
    {"198.51.100.0/24", "for documentation"},
    {"203.0.113.0/24", "for documentation"},
    {"224.0.0.0/4", "multicast"},
    {"240.0.0.0/4", "reserved"},
};

// The first match names the reason. Addresses that match none are reserved unless in 2000::/3.
constexpr reserved_range reserved_v6[] = {
    {"::/128", "unspecified"},
    {"::1/128", "loopback"},
    {"::ffff:0:0/96", "an IPv4 address written as IPv6"},
    {"::/96", "an IPv4 address written as IPv6"},
    {"64:ff9b:1::/48", "a private translation of IPv4"},
    {"fc00::/7", "private"},
    {"fe80::/10", "link-local"},
    {"fec0::/10", "private"},
    {"ff00::/8", "multicast"},
    {"2001::/23", "for protocols"},
    {"2001:db8::/32", "for documentation"},
    {"2002::/16", "an IPv4 address written as IPv6"},
};

struct range_with_name {
  address_range range;
  std::string_view what;
};

template <std::size_t N>
std::vector<range_with_name> compiled(const reserved_range (&table)[N]) {
  std::vector<range_with_name> all;
  for (const auto& one : table) all.push_back({*address_range::parse(one.range), one.what});
  return all;
}

std::optional<std::string_view> reserved(const std::vector<range_with_name>& table,
                                         const sockaddr& where, socklen_t size) noexcept {
  for (const auto& one : table)
    if (one.range.contains(where, size)) return one.what;
  return std::nullopt;
}

const std::vector<range_with_name>& v4_table() {
  static const auto table = compiled(reserved_v4);
  return table;
}
const std::vector<range_with_name>& v6_table() {
  static const auto table = compiled(reserved_v6);
  return table;
}

// Copies the bytes of an address and returns their number, 4 or 16; 0 for other families or a truncated
// address.
std::size_t bytes_of(const sockaddr& where, socklen_t size, std::uint8_t* to) noexcept {
  if (where.sa_family == AF_INET && size >= sizeof(sockaddr_in)) {
    sockaddr_in v4;
    std::memcpy(&v4, &where, sizeof v4);
    std::memcpy(to, &v4.sin_addr, 4);
    return 4;
  }
  if (where.sa_family == AF_INET6 && size >= sizeof(sockaddr_in6)) {
    sockaddr_in6 v6;
    std::memcpy(&v6, &where, sizeof v6);
    std::memcpy(to, &v6.sin6_addr, 16);
    return 16;
  }
  return 0;
}

// Returns the IPv4 address in 64:ff9b::/96 (translated by NAT64, RFC 6052), which is checked instead.
std::optional<sockaddr_in> translated(const std::uint8_t (&bytes)[16]) noexcept {
  constexpr std::uint8_t prefix[12] = {0x00, 0x64, 0xff, 0x9b};
  if (std::memcmp(bytes, prefix, sizeof prefix) != 0) return std::nullopt;
  sockaddr_in v4{};
  v4.sin_family = AF_INET;
  std::memcpy(&v4.sin_addr, bytes + 12, 4);
  return v4;
}

}  // namespace

std::optional<address_range> address_range::parse(std::string_view text) {
  const auto slash = text.find('/');
  const std::string address(text.substr(0, slash));
  address_range range;
  range.family_ = address.find(':') == address.npos ? AF_INET : AF_INET6;
  if (inet_pton(range.family_, address.c_str(), range.first_.data()) != 1) return std::nullopt;
  const unsigned all = range.family_ == AF_INET ? 32 : 128;
  range.bits_ = all;
  if (slash == text.npos) return range;
  const auto bits = text.substr(slash + 1);
  const auto [end, error] = std::from_chars(bits.data(), bits.data() + bits.size(), range.bits_);
  if (error != std::errc() || end != bits.data() + bits.size() || range.bits_ > all)
    return std::nullopt;
  for (unsigned bit = range.bits_; bit < all; ++bit)  // refuse "10.1.2.3/8" as a mistake
    if (range.first_[bit / 8] & (0x80u >> bit % 8)) return std::nullopt;
  return range;
}

bool address_range::contains(const sockaddr& where, socklen_t size) const noexcept {
  std::uint8_t bytes[16];
  if (where.sa_family != family_ || bytes_of(where, size, bytes) == 0) return false;
  if (std::memcmp(bytes, first_.data(), bits_ / 8) != 0) return false;
  const unsigned rest = bits_ % 8;
  return rest == 0 || ((bytes[bits_ / 8] ^ first_[bits_ / 8]) >> (8 - rest)) == 0;
}

result<address_rules> address_rules::parse(const std::vector<std::string>& let_through) {
  address_rules rules;
  for (const auto& text : let_through) {
    const auto range = address_range::parse(text);
    if (!range)
      return failure{cause::invalid,
                     "\"" + text +
                         "\" is no range of addresses; write 10.20.0.0/16, fd00::/8 or one "
                         "address, with no bit set behind the prefix",
                     false};
    rules.let_through_.push_back(*range);
  }
  return rules;
}

std::optional<std::string_view> address_rules::refusal(const sockaddr& where,
                                                       socklen_t size) const noexcept {
  if (std::any_of(let_through_.begin(), let_through_.end(),
                  [&](const address_range& range) { return range.contains(where, size); }))
    return std::nullopt;
  std::uint8_t bytes[16];
  switch (bytes_of(where, size, bytes)) {
    case 4:
      return reserved(v4_table(), where, size);
    case 16:
      break;
    default:
      return "of no family that HTTP is spoken over";
  }
  if (const auto v4 = translated(bytes)) {
    sockaddr inner;
    static_assert(sizeof inner == sizeof *v4);
    std::memcpy(&inner, &*v4, sizeof inner);
    return refusal(inner, sizeof inner);
  }
  if (const auto why = reserved(v6_table(), where, size)) return why;
  if ((bytes[0] & 0xe0) != 0x20) return "not public";
  return std::nullopt;
}

std::string address_text(const sockaddr& where, socklen_t size) {
  std::uint8_t bytes[16];
  char text[INET6_ADDRSTRLEN] = "?";
  if (bytes_of(where, size, bytes) > 0) inet_ntop(where.sa_family, bytes, text, sizeof text);
  return text;
}

}  // namespace reprise::http::internal
