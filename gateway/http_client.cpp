#include "gateway/internal/http_client.hpp"

#include <optional>
#include <utility>

#include <boost/asio.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

namespace reprise::gateway {

namespace {

namespace net = boost::asio;
namespace ssl = net::ssl;
namespace beast = boost::beast;
namespace http = beast::http;
using tcp = net::ip::tcp;
using error_code = boost::system::error_code;
constexpr net::as_tuple_t<net::use_awaitable_t<>> awaited{};

constexpr std::uint32_t max_head = 64u << 10;
constexpr std::uint64_t max_body = 1u << 30;  // a page of a list is some MiB

failure unavailable(std::string text) { return {cause::unavailable, std::move(text), true}; }

std::string in_seconds(std::chrono::milliseconds span) {
  auto text = std::to_string(span.count() / 1000);
  if (const auto rest = span.count() % 1000; rest != 0)
    text.append(".").append(std::to_string(1000 + rest).substr(1));
  return text;
}

struct place {
  std::string host, port;
  bool secure = false;

  std::string authority() const {
    return (host.find(':') == std::string::npos ? host : "[" + host + "]") + ":" + port;
  }
};

// http(s)://HOST[:PORT][/]; an IPv6 address in brackets.
std::optional<place> place_of(std::string_view url) {
  constexpr std::string_view plain = "http://", secure = "https://";
  place at;
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
  if (at.host.empty() || at.host.find('/') != std::string::npos || at.port.empty() ||
      at.port.find_first_not_of("0123456789") != std::string::npos)
    return std::nullopt;
  return at;
}

failure unusable(const std::string& what, const std::string& path) {
  return {cause::invalid, what + " " + path + " cannot be used: it must be PEM, and readable",
          false};
}

result<> prepare(ssl::context& context, const client_tls& files) {
  boost::system::error_code error;
  if (SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_2_VERSION) != 1)
    return failure{cause::unavailable, "OpenSSL has no TLS 1.2", false};
  if (files.ca.empty())
    context.set_default_verify_paths(error);
  else
    context.load_verify_file(files.ca, error);
  if (error) return unusable("the file of CAs", files.ca);
  context.set_verify_mode(ssl::verify_peer, error);
  if (files.certificate.empty()) return done;
  context.use_certificate_chain_file(files.certificate, error);
  if (error) return unusable("the certificate", files.certificate);
  context.use_private_key_file(files.private_key, ssl::context::pem, error);
  if (error) return unusable("the private key", files.private_key);
  return done;
}

http::request<http::string_body> message_of(const client_request& asked, const place& at) {
  http::request<http::string_body> message(http::string_to_verb(asked.method), asked.target, 11);
  message.set(http::field::host, at.authority());
  message.set(http::field::connection, "close");
  if (!asked.key.empty()) message.set(http::field::authorization, "Bearer " + asked.key);
  if (!asked.body.empty()) message.set(http::field::content_type, "application/json");
  for (const auto& [name, value] : asked.more) message.set(name, value);
  message.body() = asked.body;
  if (asked.method == "POST") message.prepare_payload();
  return message;
}

// One request on one connection, with what is being done as an error would tell it.
class conversation {
 public:
  conversation(const client_request& asked, const place& at, net::io_context& context,
               ssl::context& secrets)
      : asked_(asked), at_(at), resolver_(context), stream_(context, secrets) {}

  using outcome = std::optional<result<client_answer>>;  // none: not yet

  net::awaitable<void> run(outcome& told) { told.emplace(co_await ask()); }

 private:
  net::awaitable<result<client_answer>> ask() {
    const auto [unknown, found] = co_await resolver_.async_resolve(at_.host, at_.port, awaited);
    if (unknown) co_return unreachable(unknown);
    const auto [refused, end] = co_await net::async_connect(stream_.next_layer(), found, awaited);
    if (refused) co_return unreachable(refused);
    if (!at_.secure) co_return co_await exchange(stream_.next_layer());
    stream_.set_verify_callback(ssl::host_name_verification(at_.host));
    SSL_set_tlsext_host_name(stream_.native_handle(), at_.host.c_str());
    const auto [distrusted] = co_await stream_.async_handshake(ssl::stream_base::client, awaited);
    if (distrusted)
      co_return unavailable("no answer from " + asked_.server + ": " + distrusted.message() +
                            " (--ca FILE names whom to trust)");
    co_return co_await exchange(stream_);
  }

  template <class Stream>
  net::awaitable<result<client_answer>> exchange(Stream& stream) {
    const auto message = message_of(asked_, at_);
    const auto [unsent, written] = co_await http::async_write(stream, message, awaited);
    // Who refuses a request may close before he has read all of it: his answer can be there yet.
    beast::flat_buffer buffer;
    http::response_parser<http::string_body> parser;
    parser.header_limit(max_head);
    parser.body_limit(max_body);
    const auto [error, read] = co_await http::async_read(stream, buffer, parser, awaited);
    if (error) co_return broken(unsent ? unsent : error, parser.got_some());
    const auto& answer = parser.get();
    if (answer.version() != 11)
      co_return unavailable(asked_.server + " answers in HTTP/1.0: no server of Reprise does, so " +
                            "something else is there, or between");
    client_answer whole;  // named: g++ 12 destroys what stands in braces here twice
    whole.status = answer.result_int();
    whole.content_type = answer[http::field::content_type];
    whole.location = answer[http::field::location];
    whole.body = std::move(parser.get().body());
    co_return whole;
  }

  failure unreachable(const error_code& why) const {
    return unavailable("no answer from " + asked_.server + ": " + why.message() +
                       " (is it running? --server names another one)");
  }

  // The answer did not come, or not all of it.
  failure broken(const error_code& why, bool some) const {
    const bool is_closed = why == http::error::end_of_stream || why == http::error::partial_message;
    if (!is_closed && why.category() == make_error_code(http::error::bad_version).category())
      return unavailable("what answers at " + asked_.server + " speaks no HTTP/1.1 (" +
                         why.message() + "): --server names another one");
    return unavailable(asked_.server + " closed the connection " +
                       (some ? "in the middle of its answer" : "without an answer") +
                       ": it may have been stopped, and whether the request was done is not known");
  }

  const client_request& asked_;
  const place& at_;
  tcp::resolver resolver_;
  ssl::stream<tcp::socket> stream_;
};

}  // namespace

result<client_answer> send(const client_request& request) {
  const auto at = place_of(request.server);
  if (!at)
    return failure{cause::invalid,
                   "the server must be given as http://HOST:PORT or https://HOST:PORT", false};
  ssl::context secrets(ssl::context::tls_client);
  if (at->secure)
    if (const auto fine = prepare(secrets, request.tls); !fine) return fine.error();
  net::io_context context;
  conversation with_it(request, *at, context, secrets);
  conversation::outcome answer;
  net::co_spawn(context, with_it.run(answer), net::detached);
  if (request.longest.count() == 0)
    context.run();
  else
    context.run_for(request.longest);
  if (answer) return *std::move(answer);
  return failure{cause::timed_out,
                 "no answer from " + request.server + " within " + in_seconds(request.longest) +
                     " s: whether the request was done is not known (--timeout gives it longer)",
                 true};
}

}  // namespace reprise::gateway
