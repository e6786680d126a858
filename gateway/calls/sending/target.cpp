#include "gateway/calls/sending/target.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "gateway/calls/limits.hpp"

namespace reprise::http::internal {
namespace {

failure unreadable(std::string why) {
  return {cause::invalid, "the URL of a durable HTTP call cannot be used: " + std::move(why),
          false};
}

std::optional<std::string> part(CURLU* from, CURLUPart which, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(from, which, &text, flags) != CURLUE_OK) return std::nullopt;
  std::string copy = text;
  curl_free(text);
  return copy;
}

// Returns whether a host is a DNS name or an address. Other names have more than one spelling.
bool is_host(const std::string& host) {
  return !host.empty() && std::all_of(host.begin(), host.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_' ||
           c == ':' || c == '[' || c == ']';
  });
}

}  // namespace

result<target> target::parse(const std::string& url) {
  if (url.size() > limits::url)
    return failure{cause::limit,
                   "the URL of a durable HTTP call has more than " + std::to_string(limits::url) +
                       " bytes (http::limits::url)",
                   false};
  return read(parts(curl_url(), curl_url_cleanup), url, 0);
}

result<target> target::follow(const std::string& reference) const {
  if (reference.size() > limits::url) return unreadable("it is too long");
  return read(parts(curl_url_dup(parts_.get()), curl_url_cleanup), reference, CURLU_URLENCODE);
}

result<target> target::read(parts into, const std::string& text, unsigned flags) {
  const auto rc =
      curl_url_set(into.get(), CURLUPART_URL, text.c_str(), flags | CURLU_DISALLOW_USER);
  if (text.find('\0') != text.npos) return unreadable("it has a character of value 0");
  if (rc == CURLUE_USER_NOT_ALLOWED)
    return unreadable("it has a user; name a token instead (http::request::token)");
  if (rc != CURLUE_OK) return unreadable(curl_url_strerror(rc));
  curl_url_set(into.get(), CURLUPART_FRAGMENT, nullptr, 0);

  target made;
  auto scheme = part(into.get(), CURLUPART_SCHEME);
  auto host = part(into.get(), CURLUPART_HOST);
  auto port = part(into.get(), CURLUPART_PORT, CURLU_DEFAULT_PORT);
  auto url = part(into.get(), CURLUPART_URL);
  if (!scheme || (*scheme != "https" && *scheme != "http"))
    return unreadable("its scheme is neither https nor http");
  if (!host || !port || !url) return unreadable("it has no host");
  for (char& c : *host)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  if (!is_host(*host)) return unreadable("its host is no name of DNS and no address");
  std::from_chars(port->data(), port->data() + port->size(), made.port_);
  made.parts_ = std::move(into);
  made.scheme_ = *std::move(scheme);
  made.host_ = *std::move(host);
  made.url_ = *std::move(url);
  return made;
}

}  // namespace reprise::http::internal
