#include "tests/gateway/cli/fake_server.hpp"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>
#include <utility>

namespace reprise::gateway_test {

fake_server::fake_server(std::string bytes, then what)
    : bytes_(std::move(bytes)),
      then_(what),
      socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof at;
  auto* address = reinterpret_cast<sockaddr*>(&at);
  if (::bind(socket_, address, size) != 0 || ::listen(socket_, 8) != 0 ||
      ::getsockname(socket_, address, &size) != 0)
    throw std::runtime_error("listen");
  port_ = ntohs(at.sin_port);
  thread_ = std::jthread([this] { serve(); });
}

fake_server::~fake_server() {
  ::shutdown(socket_, SHUT_RDWR);  // accept ends
  thread_.join();
  ::close(socket_);
}

std::string fake_server::seen() {
  has_seen_.wait(false);
  return seen_;
}

void fake_server::serve() {
  for (int client; (client = ::accept4(socket_, nullptr, nullptr, SOCK_CLOEXEC)) >= 0;) {
    std::string head;
    for (char c; !head.ends_with("\r\n\r\n") && ::read(client, &c, 1) == 1;) head += c;
    if (!has_seen_) {
      seen_ = head;
      has_seen_ = true;
      has_seen_.notify_all();
    }
    const bool sent = ::send(client, bytes_.data(), bytes_.size(), MSG_NOSIGNAL) >= 0;
    char c;
    if (sent && then_ == then::stays_silent)
      while (::read(client, &c, 1) == 1) continue;  // until the client gives up
    ::close(client);
  }
}

}  // namespace reprise::gateway_test
