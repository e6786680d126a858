#include "tests/bench/http_load.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <memory>
#include <stdexcept>

namespace reprise::bench {
namespace {

using clock = std::chrono::steady_clock;

sockaddr_in local(std::uint16_t port) {
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_port = htons(port);
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return at;
}

// The length of the whole answer at the start of `text`; 0 while it is not known.
std::size_t answer_length(const std::string& text) {
  const auto head = text.find("\r\n\r\n");
  if (head == std::string::npos) return 0;
  constexpr char name[] = "\r\ncontent-length:";
  for (std::size_t at = text.find("\r\n"); at < head; at = text.find("\r\n", at + 2))
    if (::strncasecmp(text.c_str() + at, name, sizeof name - 1) == 0)
      return head + 4 + std::strtoul(text.c_str() + at + sizeof name - 1, nullptr, 10);
  throw std::runtime_error("an answer without Content-Length: " + text.substr(0, head));
}

class connection {
 public:
  explicit connection(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    const auto at = local(port);
    const int on = 1;
    ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (::connect(socket_, reinterpret_cast<const sockaddr*>(&at), sizeof at) != 0)
      throw std::runtime_error("cannot connect to port " + std::to_string(port));
  }
  connection(const connection&) = delete;
  ~connection() { ::close(socket_); }

  int descriptor() const { return socket_; }

  // A request is far smaller than the buffer of the socket, which is empty: this does not block.
  void send(const std::string& request) {
    sent_ = clock::now();
    if (::send(socket_, request.data(), request.size(), MSG_NOSIGNAL) != ssize_t(request.size()))
      throw std::runtime_error("a request was not sent");
  }

  // Reads what is there; true when the answer is whole.
  bool receive() {
    char buffer[4096];
    const auto got = ::recv(socket_, buffer, sizeof buffer, MSG_DONTWAIT);
    if (got <= 0) throw std::runtime_error("the server closed a connection");
    text_.append(buffer, static_cast<std::size_t>(got));
    const auto length = answer_length(text_);
    if (length == 0 || text_.size() < length) return false;
    good_ = text_.compare(9, 3, "200") == 0;
    text_.erase(0, length);
    return true;
  }

  bool good() const { return good_; }
  float micros() const {
    return std::chrono::duration<float, std::micro>(clock::now() - sent_).count();
  }

 private:
  int socket_;
  std::string text_;
  clock::time_point sent_;
  bool good_ = false;
};

}  // namespace

http_measure load_http(std::uint16_t port, std::size_t connections, double seconds,
                       const std::function<std::string()>& next) {
  const int poll = ::epoll_create1(EPOLL_CLOEXEC);
  std::vector<std::unique_ptr<connection>> all;
  for (std::size_t i = 0; i < connections; ++i) {
    all.push_back(std::make_unique<connection>(port));
    epoll_event wanted{};
    wanted.events = EPOLLIN;
    wanted.data.ptr = all.back().get();
    ::epoll_ctl(poll, EPOLL_CTL_ADD, all.back()->descriptor(), &wanted);
  }
  http_measure measured;
  const auto begin = clock::now();
  for (auto& each : all) each->send(next());
  std::vector<epoll_event> ready(connections);
  for (std::size_t in_flight = connections; in_flight > 0;) {
    const int count = ::epoll_wait(poll, ready.data(), static_cast<int>(ready.size()), -1);
    const bool over = std::chrono::duration<double>(clock::now() - begin).count() >= seconds;
    for (int i = 0; i < count; ++i) {
      auto& here = *static_cast<connection*>(ready[static_cast<std::size_t>(i)].data.ptr);
      if (!here.receive()) continue;
      if (here.good() && !over) measured.micros.push_back(here.micros());
      if (!here.good()) ++measured.failures;
      if (over)
        --in_flight;
      else
        here.send(next());
    }
    if (!over) measured.seconds = std::chrono::duration<double>(clock::now() - begin).count();
  }
  ::close(poll);
  return measured;
}

std::string post(const std::string& path, const std::string& body) {
  return "POST " + path +
         " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: " +
         std::to_string(body.size()) + "\r\n\r\n" + body;
}

std::uint16_t free_port() {
  const int probe = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  auto at = local(0);
  socklen_t size = sizeof at;
  const bool bound = ::bind(probe, reinterpret_cast<const sockaddr*>(&at), sizeof at) == 0 &&
                     ::getsockname(probe, reinterpret_cast<sockaddr*>(&at), &size) == 0;
  ::close(probe);
  if (!bound) throw std::runtime_error("no port is free");
  return ntohs(at.sin_port);
}

}  // namespace reprise::bench
