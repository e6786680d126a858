#include "gateway/calls/sending/host_list.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <utility>

#include "gateway/calls/sending/target.hpp"

namespace reprise::http::internal {

bool host_list::read(std::string_view text, pattern& to) {
  const auto bracket = text.rfind(']');
  const auto colon = text.rfind(':');
  if (colon != text.npos && (bracket == text.npos || colon > bracket)) {
    const auto port = text.substr(colon + 1);
    std::uint16_t number = 0;
    const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), number);
    to.any_port = port == "*";
    if (!to.any_port && (error != std::errc() || end != port.data() + port.size() || number == 0))
      return false;
    to.port = number;
    text = text.substr(0, colon);
  }
  if (text.empty()) return false;
  if (text == "*") return true;
  if (text.starts_with("*.")) text.remove_prefix(1);
  const bool literal = text.starts_with('[') && text.ends_with(']');
  for (char c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    const bool of_name =
        (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
    if (!of_name && !(literal && (c == ':' || c == '[' || c == ']'))) return false;
    to.host += c;
  }
  return to.host != ".";
}

result<host_list> host_list::parse(const std::vector<std::string>& patterns) {
  host_list list;
  for (const auto& text : patterns) {
    pattern one;
    if (!read(text, one))
      return failure{cause::invalid,
                     "\"" + text +
                         "\" is no host of durable HTTP calls; write name, name:port, name:*, "
                         "*.name, an address ([...] for IPv6) or *",
                     false};
    list.patterns_.push_back(std::move(one));
  }
  return list;
}

bool host_list::contains(const target& where) const {
  return std::any_of(patterns_.begin(), patterns_.end(), [&](const pattern& one) {
    const bool port = one.any_port || where.port() == (one.port         ? one.port
                                                       : where.secure() ? 443u
                                                                        : 80u);
    if (!port) return false;
    if (one.host.empty()) return true;
    if (one.host.front() == '.')
      return where.host().size() > one.host.size() && where.host().ends_with(one.host);
    return where.host() == one.host;
  });
}

}  // namespace reprise::http::internal
