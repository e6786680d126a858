#include "tests/kill/http_client.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

namespace reprise::kill {
namespace {

constexpr timeval patience{30, 0};  // longer than any answer may take

}  // namespace

std::optional<reply> http_client::perform(std::uint16_t port, const ask& what) {
  if (socket_ < 0 || port_ != port) {
    shut();
    if (!connect(port)) return std::nullopt;
  }
  std::string text =
      std::string(what.method) + ' ' + what.path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n";
  if (!what.idempotency_key.empty()) text += "Idempotency-Key: " + what.idempotency_key + "\r\n";
  if (!what.body.empty()) text += "Content-Type: application/json\r\n";
  text += "Content-Length: " + std::to_string(what.body.size()) + "\r\n\r\n" + what.body;
  auto answer = send(text) ? read_reply() : std::nullopt;
  if (!answer) shut();
  return answer;
}

bool http_client::connect(std::uint16_t port) {
  socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (socket_ < 0) return false;
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int on = 1;
  ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  if (::connect(socket_, reinterpret_cast<sockaddr*>(&to), sizeof to) != 0) {
    shut();
    return false;
  }
  port_ = port;
  return true;
}

bool http_client::send(std::string_view text) {
  while (!text.empty()) {
    const auto sent = ::send(socket_, text.data(), text.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

bool http_client::receive(std::string& into) {
  char buffer[16384];
  const auto got = ::recv(socket_, buffer, sizeof buffer, 0);
  if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) timed_out_ = true;
  if (got <= 0) return false;
  into.append(buffer, static_cast<std::size_t>(got));
  return true;
}

std::optional<reply> http_client::read_reply() {
  std::string text;
  std::size_t head = std::string::npos;
  while ((head = text.find("\r\n\r\n")) == std::string::npos)
    if (!receive(text)) return std::nullopt;
  std::string lower = text.substr(0, head);
  for (auto& c : lower)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  std::size_t length = 0;
  if (const auto at = lower.find("content-length:"); at != lower.npos)
    length = std::strtoul(lower.c_str() + at + 15, nullptr, 10);
  const auto begin = head + 4;
  while (text.size() < begin + length)
    if (!receive(text)) return std::nullopt;
  reply answer{std::atoi(text.c_str() + sizeof "HTTP/1.1"), text.substr(begin, length)};
  if (lower.find("connection: close") != lower.npos) shut();
  return answer;
}

void http_client::shut() {
  if (socket_ >= 0) ::close(socket_);
  socket_ = -1;
}

std::string member(std::string_view json, std::string_view name) {
  const auto key = '"' + std::string(name) + '"';
  auto at = json.find(key);
  if (at == json.npos) return "";
  at = json.find_first_not_of(": ", at + key.size());
  if (at == json.npos) return "";
  if (json[at] == '"') return std::string(json.substr(at + 1, json.find('"', at + 1) - at - 1));
  return std::string(json.substr(at, json.find_first_of(",}] ", at) - at));
}

}  // namespace reprise::kill
