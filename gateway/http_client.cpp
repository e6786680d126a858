#include "gateway/internal/http_client.hpp"

#include <sys/socket.h>
#include <sys/time.h>

#include <charconv>

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

namespace reprise::gateway {

namespace {

namespace net = boost::asio;
using tcp = net::ip::tcp;

struct place {
  std::string host, port;
};

// http://HOST[:PORT][/]; an IPv6 address in brackets.
std::optional<place> place_of(std::string_view url) {
  constexpr std::string_view scheme = "http://";
  if (!url.starts_with(scheme)) return std::nullopt;
  url.remove_prefix(scheme.size());
  if (url.ends_with('/')) url.remove_suffix(1);
  const auto bracket = url.find(']');
  const auto colon = url.find(':', bracket == std::string_view::npos ? 0 : bracket);
  place at{std::string(url.substr(0, colon)), "80"};
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
  return answer;
}

}  // namespace

result<client_answer> send(const client_request& request) {
  const auto at = place_of(request.server);
  if (!at) return failure{cause::invalid, "the server must be given as http://HOST:PORT", false};
  net::io_context context;
  tcp::resolver resolver(context);
  tcp::socket socket(context);
  boost::system::error_code error;
  const auto unreachable = [&] {
    return failure{cause::unavailable,
                   "no answer from " + request.server + ": " + error.message() +
                       " (is it running? --server names another one)",
                   true};
  };
  const auto found = resolver.resolve(at->host, at->port, error);
  if (error) return unreachable();
  net::connect(socket, found, error);
  if (error) return unreachable();
  const timeval longest{120, 0};
  ::setsockopt(socket.native_handle(), SOL_SOCKET, SO_RCVTIMEO, &longest, sizeof longest);
  ::setsockopt(socket.native_handle(), SOL_SOCKET, SO_SNDTIMEO, &longest, sizeof longest);
  const bool is_v6 = at->host.find(':') != std::string::npos;
  std::string bytes = request.method + " " + request.target +
                      " HTTP/1.1\r\nHost: " + (is_v6 ? "[" + at->host + "]" : at->host) + ":" +
                      at->port + "\r\nConnection: close\r\n";
  if (!request.key.empty()) bytes += "Authorization: Bearer " + request.key + "\r\n";
  if (!request.body.empty()) bytes += "Content-Type: application/json\r\n";
  if (request.method == "POST")
    bytes += "Content-Length: " + std::to_string(request.body.size()) + "\r\n";
  bytes += "\r\n" + request.body;
  net::write(socket, net::buffer(bytes), error);
  if (error) return unreachable();
  std::string answer;
  net::read(socket, net::dynamic_buffer(answer), error);
  if (error != net::error::eof) return unreachable();
  return parse(answer);
}

}  // namespace reprise::gateway
