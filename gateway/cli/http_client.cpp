#include "gateway/cli/http_client.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <new>
#include <optional>
#include <utility>

namespace reprise::gateway {

namespace {

constexpr std::size_t max_body = 1u << 30;  // bytes; a page of a list has a few MiB

failure unavailable(std::string text) { return {cause::unavailable, std::move(text), true}; }

std::string in_seconds(std::chrono::milliseconds span) {
  auto text = std::to_string(span.count() / 1000);
  if (const auto rest = span.count() % 1000; rest != 0)
    text.append(".").append(std::to_string(1000 + rest).substr(1));
  return text;
}

struct server_address {
  std::string host, port;
  bool secure = false;

  std::string authority() const {
    return (host.find(':') == std::string::npos ? host : "[" + host + "]") + ":" + port;
  }
};

// http(s)://HOST[:PORT][/]; an IPv6 address in brackets.
std::optional<server_address> server_address_of(std::string_view url) {
  constexpr std::string_view plain = "http://", secure = "https://";
  server_address at;
  at.secure = url.starts_with(secure);
  if (!at.secure && !url.starts_with(plain)) return std::nullopt;
  url.remove_prefix((at.secure ? secure : plain).size());
  if (url.ends_with('/')) url.remove_suffix(1);
  const auto bracket = url.find(']');
  const auto colon = url.find(':', bracket == std::string_view::npos ? 0 : bracket);
  at.host = url.substr(0, colon);
  at.port = at.secure ? "443" : "80";
  if (colon != std::string_view::npos) at.port = url.substr(colon + 1);
  if (at.host.starts_with('[') && at.host.ends_with(']'))
    at.host = at.host.substr(1, at.host.size() - 2);
  unsigned port = 0;
  const auto* const end = at.port.data() + at.port.size();
  const auto [read, error] = std::from_chars(at.port.data(), end, port);
  if (at.host.empty() || at.host.find_first_of("/?#@[]\\ \t") != std::string::npos ||
      error != std::errc() || read != end || port == 0 || port > 65'535)
    return std::nullopt;
  return at;
}

// One request on one connection, and its response.
class transfer {
 public:
  transfer(const client_request& asked, const server_address& at) : asked_(asked) {
    ::curl_global_init(CURL_GLOBAL_DEFAULT);  // reference-counted and thread-safe
    handle_ = ::curl_easy_init();
    if (handle_ == nullptr) throw std::bad_alloc();
    address(at);
    message();
    if (at.secure) secrets();
    listen();
  }
  ~transfer() {
    ::curl_easy_cleanup(handle_);
    ::curl_slist_free_all(fields_);
  }
  transfer(const transfer&) = delete;
  transfer& operator=(const transfer&) = delete;

  result<client_answer> perform() {
    const auto code = ::curl_easy_perform(handle_);
    if (code != CURLE_OK) return refused(code);
    if (!head_is_whole_) return broken_off();
    long version = 0, status = 0;
    ::curl_easy_getinfo(handle_, CURLINFO_HTTP_VERSION, &version);
    if (version != CURL_HTTP_VERSION_1_1)
      return unavailable(asked_.server + " answers in HTTP/1.0: no server of Reprise does, so " +
                         "something else is there, or between");
    ::curl_easy_getinfo(handle_, CURLINFO_RESPONSE_CODE, &status);
    answer_.status = static_cast<unsigned>(status);
    answer_.content_type = field("Content-Type");
    answer_.location = field("Location");
    return std::move(answer_);
  }

 private:
  void address(const server_address& at) {
    const auto url = (at.secure ? "https://" : "http://") + at.authority() + asked_.target;
    ::curl_easy_setopt(handle_, CURLOPT_URL, url.c_str());
    ::curl_easy_setopt(handle_, CURLOPT_PROTOCOLS_STR, "http,https");
    ::curl_easy_setopt(handle_, CURLOPT_PATH_AS_IS, 1L);  // an id may be ".."
    ::curl_easy_setopt(handle_, CURLOPT_NOPROXY, "*");
    ::curl_easy_setopt(handle_, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    ::curl_easy_setopt(handle_, CURLOPT_NOSIGNAL, 1L);
    ::curl_easy_setopt(handle_, CURLOPT_TIMEOUT_MS, static_cast<long>(asked_.longest.count()));
    ::curl_easy_setopt(handle_, CURLOPT_ERRORBUFFER, why_);
  }

  void add(const std::string& line) {
    auto* longer = ::curl_slist_append(fields_, line.c_str());
    if (longer == nullptr) throw std::bad_alloc();
    fields_ = longer;
  }

  void message() {
    if (asked_.method == "POST") {
      ::curl_easy_setopt(handle_, CURLOPT_POSTFIELDS, asked_.body.data());
      ::curl_easy_setopt(handle_, CURLOPT_POSTFIELDSIZE_LARGE,
                         static_cast<curl_off_t>(asked_.body.size()));
    } else if (asked_.method != "GET") {
      ::curl_easy_setopt(handle_, CURLOPT_CUSTOMREQUEST, asked_.method.c_str());
    }
    add("Connection: close");
    add("Accept:");  // suppress libcurl's defaults
    add("Expect:");
    add(asked_.body.empty() ? "Content-Type:" : "Content-Type: application/json");
    if (!asked_.key.empty()) add("Authorization: Bearer " + asked_.key);
    for (const auto& [name, value] : asked_.more) add(name + ": " + value);
    ::curl_easy_setopt(handle_, CURLOPT_HTTPHEADER, fields_);
  }

  void secrets() {
    ::curl_easy_setopt(handle_, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    const auto& files = asked_.tls;
    if (!files.ca.empty()) ::curl_easy_setopt(handle_, CURLOPT_CAINFO, files.ca.c_str());
    if (files.certificate.empty()) return;
    ::curl_easy_setopt(handle_, CURLOPT_SSLCERT, files.certificate.c_str());
    ::curl_easy_setopt(handle_, CURLOPT_SSLKEY, files.private_key.c_str());
  }

  void listen() {
    ::curl_easy_setopt(handle_, CURLOPT_HEADERFUNCTION, &take_line);
    ::curl_easy_setopt(handle_, CURLOPT_HEADERDATA, this);
    ::curl_easy_setopt(handle_, CURLOPT_WRITEFUNCTION, &take_body);
    ::curl_easy_setopt(handle_, CURLOPT_WRITEDATA, this);
  }

  // Tracks whether the head is complete, because libcurl accepts one that breaks off. An interim response
  // (1xx) has a head of its own, and trailers come here too.
  static std::size_t take_line(char* bytes, std::size_t, std::size_t size, void* self) {
    auto& here = *static_cast<transfer*>(self);
    here.got_some_ = true;
    const std::string_view line(bytes, size);
    if (line.starts_with("HTTP/"))
      here.head_is_whole_ = false;
    else if (line == "\r\n")
      here.head_is_whole_ = true;
    return size;
  }
  static std::size_t take_body(char* bytes, std::size_t, std::size_t size, void* self) {
    auto& body = static_cast<transfer*>(self)->answer_.body;
    if (size > max_body - body.size()) return 0;
    body.append(bytes, size);
    return size;
  }

  std::string field(const char* name) const {
    ::curl_header* found = nullptr;
    if (::curl_easy_header(handle_, name, 0, CURLH_HEADER, -1, &found) != CURLHE_OK) return {};
    return found->value;
  }

  std::string reason(CURLcode code) const {
    long system = 0;
    if (code == CURLE_COULDNT_CONNECT) ::curl_easy_getinfo(handle_, CURLINFO_OS_ERRNO, &system);
    if (system != 0) return std::strerror(static_cast<int>(system));
    return why_[0] != 0 ? why_ : ::curl_easy_strerror(code);
  }

  failure broken_off() const {
    return unavailable(asked_.server + " closed the connection " +
                       (got_some_ ? "in the middle of its answer" : "without an answer") +
                       ": it may have been stopped, and whether the request was done is not known");
  }

  failure refused(CURLcode code) const {
    switch (code) {
      case CURLE_SSL_CERTPROBLEM:
        return {cause::invalid,
                "the certificate " + asked_.tls.certificate + " with the private key " +
                    asked_.tls.private_key + " cannot be used: " + reason(code),
                false};
      case CURLE_SSL_CACERT_BADFILE:
        return {cause::invalid,
                "the file of CAs " + asked_.tls.ca + " cannot be used: " + reason(code), false};
      case CURLE_COULDNT_RESOLVE_HOST:
      case CURLE_COULDNT_CONNECT:
        return unavailable("no answer from " + asked_.server + ": " + reason(code) +
                           " (is it running? --server names another one)");
      case CURLE_PEER_FAILED_VERIFICATION:
      case CURLE_SSL_CONNECT_ERROR:
        return unavailable("no answer from " + asked_.server + ": " + reason(code) +
                           " (--ca FILE names whom to trust)");
      case CURLE_OPERATION_TIMEDOUT:
        return {cause::timed_out,
                "no answer from " + asked_.server + " within " + in_seconds(asked_.longest) +
                    " s: whether the request was done is not known (--timeout gives it longer)",
                true};
      case CURLE_UNSUPPORTED_PROTOCOL:  // does not begin with HTTP/
      case CURLE_WEIRD_SERVER_REPLY:
        return unavailable("what answers at " + asked_.server + " speaks no HTTP/1.1 (" +
                           reason(code) + "): --server names another one");
      case CURLE_WRITE_ERROR:
        return unavailable(asked_.server + " answers with more than 1 GiB: it is none of ours");
      case CURLE_GOT_NOTHING:
      case CURLE_PARTIAL_FILE:
      case CURLE_RECV_ERROR:
      case CURLE_SEND_ERROR:
        return broken_off();
      default:
        return unavailable("no answer from " + asked_.server + ": " + reason(code));
    }
  }

  const client_request& asked_;
  CURL* handle_ = nullptr;
  ::curl_slist* fields_ = nullptr;
  char why_[CURL_ERROR_SIZE] = {};
  bool got_some_ = false, head_is_whole_ = false;
  client_answer answer_;
};

// Returns whether the text has no control characters: a line end would start another field.
bool is_one_line(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](unsigned char c) { return c < 32 || c == 127; });
}

}  // namespace

result<client_answer> send(const client_request& request) {
  const auto at = server_address_of(request.server);
  if (!at)
    return failure{cause::invalid,
                   "the server must be given as http://HOST:PORT or https://HOST:PORT", false};
  if (!is_one_line(request.key))
    return failure{cause::invalid, "a token is one line of text", false};
  for (const auto& [name, value] : request.more)
    if (!is_one_line(value))
      return failure{cause::invalid, name + " is one line of text, without control characters",
                     false};
  return transfer(request, *at).perform();
}

}  // namespace reprise::gateway
