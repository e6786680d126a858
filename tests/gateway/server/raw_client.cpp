#include "tests/gateway/server/raw_client.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <stdexcept>
#include <utility>

#include "gateway/json/text.hpp"

namespace reprise::gateway_test {

std::string raw_answer::field(std::string_view name) const {
  std::string_view rest = head;
  while (!rest.empty()) {
    const auto end = std::min(rest.find("\r\n"), rest.size());
    const auto line = rest.substr(0, end);
    const auto colon = line.find(": ");
    if (colon != std::string_view::npos && gateway::same_ignoring_case(line.substr(0, colon), name))
      return std::string(line.substr(colon + 2));
    rest.remove_prefix(std::min(end + 2, rest.size()));
  }
  return {};
}

raw_client::raw_client(std::uint16_t port)
    : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_port = htons(port);
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket_, reinterpret_cast<sockaddr*>(&at), sizeof at) != 0)
    throw std::runtime_error("connect");
}

raw_client::~raw_client() { ::close(socket_); }

std::ptrdiff_t raw_client::write(std::string_view bytes) {
  return ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
}

std::ptrdiff_t raw_client::read(char* into, std::size_t most) {
  return ::recv(socket_, into, most, 0);
}

raw_client& raw_client::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto n = write(bytes);
    if (n <= 0) break;  // the server has refused and closed: the answer tells
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return *this;
}

raw_client& raw_client::end() {
  ::shutdown(socket_, SHUT_WR);
  return *this;
}

bool raw_client::fill() {
  char bytes[16384];
  const auto n = read(bytes, sizeof bytes);
  if (n <= 0) return false;
  buffer_.append(bytes, static_cast<std::size_t>(n));
  return true;
}

raw_answer raw_client::answer() {
  raw_answer one;
  std::size_t end = 0;
  while ((end = buffer_.find("\r\n\r\n")) == std::string::npos)
    if (!fill()) return one;
  one.head = buffer_.substr(0, end + 2);
  buffer_.erase(0, end + 4);
  one.status = static_cast<unsigned>(std::atoi(one.head.c_str() + 9));
  const auto length = static_cast<std::size_t>(std::atoi(one.field("Content-Length").c_str()));
  while (buffer_.size() < length)
    if (!fill()) return {};
  one.body = buffer_.substr(0, length);
  buffer_.erase(0, length);
  return one;
}

std::vector<raw_answer> raw_client::rest() {
  std::vector<raw_answer> all;
  for (;;) {
    auto one = answer();
    if (one.status == 0) return all;
    all.push_back(std::move(one));
  }
}

std::string raw_client::until(std::string_view end) {
  std::size_t at = 0;
  while ((at = buffer_.find(end)) == std::string::npos)
    if (!fill()) return std::exchange(buffer_, {});
  auto text = buffer_.substr(0, at + end.size());
  buffer_.erase(0, at + end.size());
  return text;
}

bool raw_client::closed() { return buffer_.empty() && !fill() && buffer_.empty(); }

raw_answer ask(std::uint16_t port, std::string_view method, std::string_view target,
               std::string_view body, std::string_view fields) {
  std::string bytes;
  bytes.append(method).append(" ").append(target).append(
      " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n");
  bytes.append(fields);
  if (!body.empty())
    bytes.append("Content-Length: ").append(std::to_string(body.size())).append("\r\n");
  bytes.append("\r\n").append(body);
  return raw_client(port).send(bytes).answer();
}

}  // namespace reprise::gateway_test
