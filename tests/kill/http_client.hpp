// One blocking HTTP/1.1 connection to the server under test over plain sockets: a client that
// shares no code with the gateway cannot share its bugs.
//
// Threads: one. Failure: a missing answer is a value, because the server is killed on purpose.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace reprise::kill {

struct reply {
  int status = 0;
  std::string body;
};

struct ask {
  std::string_view method;
  std::string path;
  std::string body = {};
  std::string idempotency_key = {};  // empty: none
};

class http_client {
 public:
  http_client() = default;
  ~http_client() { shut(); }
  http_client(const http_client&) = delete;
  http_client& operator=(const http_client&) = delete;

  // Sends one request; connects if there is no connection to this port. Nothing: no answer came,
  // and whether it took effect is unknown.
  std::optional<reply> perform(std::uint16_t port, const ask&);
  // An answer took longer than the server is ever allowed.
  bool timed_out() const noexcept { return timed_out_; }

 private:
  bool connect(std::uint16_t port);
  bool send(std::string_view);
  bool receive(std::string& into);  // appends what is there, at least a byte
  std::optional<reply> read_reply();
  void shut();

  int socket_ = -1;
  std::uint16_t port_ = 0;
  bool timed_out_ = false;
};

// Returns the value of a member anywhere in a JSON text, without quotes, or "".
std::string member(std::string_view json, std::string_view name);

}  // namespace reprise::kill
