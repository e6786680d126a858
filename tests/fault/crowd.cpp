#include "tests/fault/crowd.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <stdexcept>

namespace reprise::fault {

namespace {

constexpr std::string_view question = "GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n";
constexpr std::string_view good = "HTTP/1.1 200 ";

bool send_all(int to, std::string_view bytes) {
  return ::send(to, bytes.data(), bytes.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(bytes.size());
}

// The answer fits in one packet.
bool is_answered_well(int from) {
  char answer[1024];
  const auto size = ::recv(from, answer, sizeof answer, 0);
  return size > 0 && std::string_view(answer, static_cast<std::size_t>(size)).starts_with(good);
}

}  // namespace

bool crowd::connect_and_send(std::string_view bytes) {
  const int one = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (one < 0) throw std::runtime_error("too few descriptors for so many clients");
  sockets_.push_back(one);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port_);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const timeval patience{2, 0};
  ::setsockopt(one, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  ::setsockopt(one, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  return ::connect(one, reinterpret_cast<sockaddr*>(&to), sizeof to) == 0 && send_all(one, bytes);
}

std::size_t crowd::hesitate(std::size_t count) {
  std::size_t in = 0;
  for (std::size_t i = 0; i < count; ++i)
    in += connect_and_send("POST /v1/actors/counter/slow/add HTTP/1.1\r\nHos");
  return in;
}

std::size_t crowd::enter(std::size_t count) {
  std::size_t in = 0;
  for (std::size_t i = 0; i < count; ++i)
    in += connect_and_send(question) && is_answered_well(sockets_.back());
  return in;
}

std::size_t crowd::ask_all() const {
  std::size_t answered = 0;
  for (const int each : sockets_) answered += send_all(each, question) && is_answered_well(each);
  return answered;
}

void crowd::leave() {
  for (const int each : sockets_) ::close(each);
  sockets_.clear();
}

}  // namespace reprise::fault
