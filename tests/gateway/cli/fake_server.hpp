// A listener in place of a Reprise server: answers every connection with the same bytes, or not at
// all, from a thread of its own.

#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <thread>

namespace reprise::gateway_test {

class fake_server {
 public:
  enum class then : std::uint8_t { closes, stays_silent };  // behind its bytes
  explicit fake_server(std::string bytes, then = then::closes);
  ~fake_server();
  fake_server(const fake_server&) = delete;

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  std::string seen();  // the head of the first request; waits for it

 private:
  void serve();

  const std::string bytes_;
  const then then_;
  int socket_;
  std::uint16_t port_ = 0;
  std::string seen_;
  std::atomic<bool> has_seen_ = false;
  std::jthread thread_;
};

}  // namespace reprise::gateway_test
