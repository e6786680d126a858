#include "gateway/server/request_guard.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "gateway/json/text.hpp"

namespace reprise::gateway {

namespace {

using namespace std::string_view_literals;

// Bits: the parts of a head in which a byte may occur.
enum byte_class : unsigned char {
  of_token = 1,
  of_value = 2,
  of_target = 4,
  of_host = 8,
  of_address = 16
};

constexpr auto byte_classes = [] {
  std::array<unsigned char, 256> is{};
  for (unsigned c = 0; c < is.size(); ++c) {
    if ((c >= 0x20 && c != 0x7f) || c == '\t') is[c] |= of_value;
    if (c > 0x20 && c < 0x7f && c != '#') is[c] |= of_target;
  }
  const auto mark = [&](std::string_view all, byte_class as) {
    for (const char c : all) is[static_cast<unsigned char>(c)] |= as;
  };
  mark("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"sv, of_token);
  mark("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-._"sv, of_host);
  mark("0123456789abcdefABCDEF:."sv, of_address);
  return is;
}();

bool is_all(byte_class what, std::string_view s) noexcept {
  return std::all_of(s.begin(), s.end(), [what](char c) {
    return (byte_classes[static_cast<unsigned char>(c)] & what) != 0;
  });
}

bool is_token(std::string_view s) noexcept { return !s.empty() && is_all(of_token, s); }

bool is_digits(std::string_view s) noexcept {
  return !s.empty() && std::all_of(s.begin(), s.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool is_port(std::string_view s) noexcept {
  unsigned value = 0;
  const auto end = s.data() + s.size();
  return is_digits(s) && s.size() <= 5 && std::from_chars(s.data(), end, value).ptr == end &&
         value <= 65535;
}

// NAME, ADDRESS or [ADDRESS], with or without :PORT. No user part: browsers do not show it.
bool is_authority(std::string_view s) noexcept {
  std::string_view name = s, port;
  auto of_name = of_host;
  if (s.starts_with('[')) {
    const auto close = s.find(']');
    if (close == std::string_view::npos) return false;
    name = s.substr(1, close - 1);
    port = s.substr(close + 1);
    of_name = of_address;
  } else {
    const auto colon = std::min(s.find(':'), s.size());
    name = s.substr(0, colon);
    port = s.substr(colon);
  }
  if (name.empty() || !is_all(of_name, name)) return false;
  return port.empty() || (port.front() == ':' && is_port(port.substr(1)));
}

// Removes the next part of a list and returns it trimmed.
std::string_view take_part(std::string_view& list) noexcept {
  const auto comma = std::min(list.find(','), list.size());
  const auto part = trimmed(list.substr(0, comma));
  list.remove_prefix(std::min(comma + 1, list.size()));
  return part;
}

bool lists(std::string_view list, std::string_view wanted) noexcept {
  while (!list.empty())
    if (same_ignoring_case(take_part(list), wanted)) return true;
  return false;
}

bool is_token_list(std::string_view list) noexcept {
  while (!list.empty())
    if (!is_all(of_token, take_part(list))) return false;
  return true;
}

// Removes the next line with its CRLF and returns it without. Returns nothing if a CR stands alone; the
// character classes of the parts of a line exclude a bare LF.
std::optional<std::string_view> take_line(std::string_view& bytes) noexcept {
  const auto end = bytes.find('\r');
  if (end == std::string_view::npos || bytes.substr(end, 2) != "\r\n"sv) return std::nullopt;
  const auto line = bytes.substr(0, end);
  bytes.remove_prefix(end + 2);
  return line;
}

constexpr std::string_view field_names[] = {"Host",
                                            "Content-Length",
                                            "Transfer-Encoding",
                                            "Origin",
                                            "Idempotency-Key",
                                            "Content-Type",
                                            "Expect",
                                            "Authorization",
                                            "x-functions-key",
                                            "Connection",
                                            "Proxy-Connection",
                                            "Content-Encoding",
                                            "Accept-Encoding",
                                            "x-ms-continuation-token",
                                            "Prefer",
                                            "If-Match",
                                            "If-None-Match",
                                            "Last-Event-ID",
                                            "traceparent",
                                            "tracestate"};
static_assert(std::size(field_names) == static_cast<std::size_t>(known_field::none));

// Fields up to this one may occur once only: two of them could mean two things.
constexpr auto last_single = known_field::functions_key;

known_field known(std::string_view name) noexcept {
  std::size_t i = 0;
  while (i < std::size(field_names) && !same_ignoring_case(field_names[i], name)) ++i;
  return static_cast<known_field>(i);
}

// Accepts a path, `*` for OPTIONS, or a whole URL (RFC 9112, 3.2), which is split into authority and
// path.
head_refusal check_target(request_head& out) {
  auto& target = out.target;
  if (!is_all(of_target, target))
    return {400, "the target has a byte that must be percent-encoded"};
  if (target.starts_with('/') || (target == "*"sv && out.method == "OPTIONS"sv)) return {};
  for (const auto scheme : {"http://"sv, "https://"sv}) {
    if (!same_ignoring_case(target.substr(0, scheme.size()), scheme)) continue;
    const auto rest = target.substr(scheme.size());
    const auto path = std::min(rest.find('/'), rest.size());
    out.authority = rest.substr(0, path);
    target = path < rest.size() ? rest.substr(path) : "/"sv;
    return is_authority(out.authority) ? head_refusal{} : head_refusal{400, "malformed target"};
  }
  return {400, "the target is neither a path nor a URL"};
}

head_refusal check_request_line(std::string_view line, const limits& allowed, request_head& out,
                                bool& old_version) {
  const auto first = line.find(' ');
  const auto last = line.rfind(' ');
  if (first == std::string_view::npos || first == last) return {400, "malformed request line"};
  out.method = line.substr(0, first);
  out.target = line.substr(first + 1, last - first - 1);
  const auto version = line.substr(last + 1);
  if (!is_token(out.method)) return {400, "malformed method"};
  if (version != "HTTP/1.1"sv && version != "HTTP/1.0"sv) {
    const bool other = version.size() == 8 && version.starts_with("HTTP/"sv);
    return other ? head_refusal{505, "only HTTP/1.1 and HTTP/1.0 are spoken here"}
                 : head_refusal{400, "malformed version"};
  }
  old_version = version.back() == '0';
  constexpr std::string_view served[] = {"GET",     "POST", "DELETE", "HEAD",
                                         "OPTIONS", "PUT",  "PATCH"};
  constexpr std::string_view known[] = {"TRACE", "CONNECT"};
  if (std::find(std::begin(served), std::end(served), out.method) == std::end(served)) {
    const bool not_here =
        std::find(std::begin(known), std::end(known), out.method) != std::end(known);
    return not_here ? head_refusal{405, "the method is not served"}
                    : head_refusal{501, "the method is not known"};
  }
  if (out.target.size() > allowed.target)
    return {414, "the URL is longer than this server takes: serve --max-url"};
  return check_target(out);
}

head_refusal check_field(std::string_view line, request_head& out) {
  if (line.front() == ' ' || line.front() == '\t') return {400, "folded header field"};
  const auto colon = line.find(':');
  if (colon == std::string_view::npos || !is_token(line.substr(0, colon)))
    return {400, "malformed header field name"};
  const auto name = line.substr(0, colon);
  const auto value = trimmed(line.substr(colon + 1));
  if (!is_all(of_value, value)) return {400, "control character in a header field"};
  out.fields.push_back({name, value, known(name)});
  return {};
}

head_refusal check_body(request_head& out, const limits& allowed, bool old_version) {
  const auto coding = out.find(known_field::transfer_encoding);
  const auto length = out.find(known_field::content_length);
  if (out.has(known_field::transfer_encoding)) {
    if (old_version) return {400, "Transfer-Encoding in HTTP/1.0"};
    if (out.has(known_field::content_length))
      return {400, "both Transfer-Encoding and Content-Length"};
    if (!same_ignoring_case(coding, "chunked"))
      return {400, "a transfer coding other than chunked"};
    out.chunked = true;
  }
  if (out.has(known_field::content_length)) {
    std::uint64_t value = 0;
    if (!is_digits(length)) return {400, "malformed Content-Length"};
    const auto [end, error] = std::from_chars(length.data(), length.data() + length.size(), value);
    if (error != std::errc())
      return {413, "the body is larger than this server takes: serve --max-body"};
    out.length = value;
  }
  const bool body = out.chunked || out.length.value_or(0) > 0;
  constexpr std::string_view bare[] = {"GET", "HEAD", "DELETE", "OPTIONS"};
  if (body && std::find(std::begin(bare), std::end(bare), out.method) != std::end(bare))
    return {400, "a body where none has a meaning"};
  if (out.length.value_or(0) > allowed.body)
    return {413, "the body is larger than this server takes: serve --max-body"};
  return {};
}

head_refusal check_fields(request_head& out, bool old_version) {
  bool twice = false;
  for (const auto& field : out.fields) {
    if (field.known == known_field::none) continue;
    twice = twice || (field.known <= last_single && out.has(field.known));
    out.seen |= std::uint32_t{1} << static_cast<unsigned>(field.known);
  }
  if (!out.has(known_field::host) && !old_version) return {400, "no Host"};
  if (twice) return {400, "a header field that may stand once stands twice"};
  out.host = out.find(known_field::host);
  const bool hosted = !(out.host.empty() && old_version);
  if (hosted && !is_authority(out.host)) return {400, "malformed Host"};
  // A proxy may have routed by either of them: if they differ, the request has two meanings.
  if (hosted && !out.authority.empty() && !same_ignoring_case(out.host, out.authority))
    return {400, "the target names another host than Host"};
  if (!hosted) out.host = out.authority;
  const auto expect = out.find(known_field::expect);
  if (!expect.empty() && !same_ignoring_case(expect, "100-continue"))
    return {417, "an expectation other than 100-continue"};
  out.expects_continue = !expect.empty() && !old_version;
  for (const auto& field : out.fields)
    if ((field.known == known_field::connection || field.known == known_field::proxy_connection) &&
        !is_token_list(field.value))
      return {400, "malformed request"};
  const auto connection = out.list(known_field::connection);
  out.says_keep_alive = old_version && lists(connection, "keep-alive");
  out.keep_alive = !lists(connection, "close") && (!old_version || out.says_keep_alive);
  return {};
}

}  // namespace

head_end find_head_end(std::string_view buffer, std::size_t looked) noexcept {
  using state = head_end::state;
  if (buffer.empty()) return {};
  if (!is_token(buffer.substr(0, 1))) return {state::broken, 0};
  for (auto at = buffer.find('\n', looked); at != std::string_view::npos;
       at = buffer.find('\n', at + 1)) {
    if (at == 0 || buffer[at - 1] != '\r') return {state::broken, at};
    if (at >= 3 && buffer[at - 2] == '\n') return {state::complete, at + 1};
  }
  return {state::needs_more, buffer.size()};
}

std::string_view asked_target(std::string_view bytes) noexcept {
  const auto line = bytes.substr(0, bytes.find('\r'));
  const auto first = line.find(' ');
  if (first == std::string_view::npos) return {};
  const auto target = line.substr(first + 1);
  return target.substr(0, target.find(' '));
}

std::string_view request_head::find(known_field f) const noexcept {
  if (!has(f)) return {};
  return std::find_if(fields.begin(), fields.end(),
                      [f](const head_field& one) { return one.known == f; })
      ->value;
}

std::string_view request_head::find(std::string_view name) const noexcept {
  for (const auto& field : fields)
    if (same_ignoring_case(field.name, name)) return field.value;
  return {};
}

std::string request_head::list(known_field f) const {
  std::string all;
  if (!has(f)) return all;
  for (const auto& field : fields)
    if (field.known == f) (all += all.empty() ? "" : ", ") += field.value;
  return all;
}

head_refusal guard_request(std::string_view bytes, const limits& allowed, request_head& out) {
  out = {};
  if (bytes.size() > allowed.head)
    return {431, "the header is larger than this server takes: serve --max-head"};
  const auto first = take_line(bytes);
  if (!first) return {400, "a line end that is not CRLF"};
  bool old_version = false;
  out.fields.reserve(16);
  if (auto no = check_request_line(*first, allowed, out, old_version); no.status != 0) return no;
  for (;;) {
    const auto line = take_line(bytes);
    if (!line) return {400, "a line end that is not CRLF"};
    if (line->empty()) break;
    if (out.fields.size() == allowed.fields)
      return {431, "there are more header fields than this server takes: serve --max-fields"};
    if (auto no = check_field(*line, out); no.status != 0) return no;
  }
  if (!bytes.empty()) return {400, "bytes after the empty line"};
  if (auto no = check_fields(out, old_version); no.status != 0) return no;
  return check_body(out, allowed, old_version);
}

}  // namespace reprise::gateway
