#include "gateway/internal/http_client.hpp"

#include <sys/socket.h>
#include <sys/time.h>

#include <charconv>
#include <cstdlib>
#include <optional>

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/write.hpp>

namespace reprise::gateway {

namespace {

namespace net = boost::asio;
namespace ssl = net::ssl;
using tcp = net::ip::tcp;

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

result<client_answer> parse(const std::string& bytes) {
  const failure malformed{cause::unavailable, "the server's answer is no HTTP", false};
  const auto end = bytes.find("\r\n\r\n");
  client_answer answer;
  if (end == std::string::npos || !bytes.starts_with("HTTP/1.1 ") || bytes.size() < 12)
    return malformed;
  const auto [last, error] = std::from_chars(bytes.data() + 9, bytes.data() + 12, answer.status);
  if (error != std::errc() || last != bytes.data() + 12) return malformed;
  answer.body = bytes.substr(end + 4);  // the server closes after its answer
  constexpr std::string_view field = "\r\nContent-Length: ";
  const auto length = bytes.find(field);
  if (length < end &&
      std::strtoull(bytes.c_str() + length + field.size(), nullptr, 10) != answer.body.size())
    return failure{cause::unavailable, "the server's answer was cut off", true};
  return answer;
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

std::string text_of(const client_request& request, const place& at) {
  auto text = request.method + " " + request.target + " HTTP/1.1\r\nHost: " + at.authority() +
              "\r\nConnection: close\r\n";
  if (!request.key.empty()) text += "Authorization: Bearer " + request.key + "\r\n";
  if (!request.body.empty()) text += "Content-Type: application/json\r\n";
  if (request.method == "POST")
    text += "Content-Length: " + std::to_string(request.body.size()) + "\r\n";
  return text + "\r\n" + request.body;
}

// The answer's bytes: all until the server closes.
template <class Stream>
std::string round_trip(Stream& stream, const std::string& request,
                       boost::system::error_code& error) {
  net::write(stream, net::buffer(request), error);
  std::string answer;
  if (error) return answer;
  net::read(stream, net::dynamic_buffer(answer), error);
  // Whoever closes without a farewell of TLS may have been cut off: the length will tell.
  if (error == net::error::eof || error == ssl::error::stream_truncated) error = {};
  return answer;
}

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
  tcp::resolver resolver(context);
  ssl::stream<tcp::socket> stream(context, secrets);
  boost::system::error_code error;
  const auto unreachable = [&](const char* hint) {
    return failure{cause::unavailable,
                   "no answer from " + request.server + ": " + error.message() + hint, true};
  };
  constexpr auto* another = " (is it running? --server names another one)";
  const auto found = resolver.resolve(at->host, at->port, error);
  if (error) return unreachable(another);
  auto& socket = stream.next_layer();
  net::connect(socket, found, error);
  if (error) return unreachable(another);
  const timeval longest{120, 0};
  ::setsockopt(socket.native_handle(), SOL_SOCKET, SO_RCVTIMEO, &longest, sizeof longest);
  ::setsockopt(socket.native_handle(), SOL_SOCKET, SO_SNDTIMEO, &longest, sizeof longest);
  std::string answer;
  if (at->secure) {
    stream.set_verify_callback(ssl::host_name_verification(at->host));
    SSL_set_tlsext_host_name(stream.native_handle(), at->host.c_str());
    stream.handshake(ssl::stream_base::client, error);
    if (error) return unreachable(" (--ca FILE names whom to trust)");
    answer = round_trip(stream, text_of(request, *at), error);
  } else {
    answer = round_trip(socket, text_of(request, *at), error);
  }
  if (error) return unreachable(another);
  return parse(answer);
}

}  // namespace reprise::gateway
