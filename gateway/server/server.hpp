// An HTTP/1.1 server over TCP, plain or with TLS. Passes each request to one handler and writes its
// response.
//
// Each I/O thread has its own io_context, listening socket (SO_REUSEPORT) and connections; they share
// nothing. A connection is one coroutine that handles one request after the other, so pipelined
// requests are answered in order. A request that breaks a rule (see request_guard.hpp) gets an error
// status, and its connection is closed.
//
// Shutdown has two steps, so that requests in progress can finish between them: drain(), stop().
//
// Threads: open(), replace(), drain(), stop() and the destructor from one thread. Lifetime: replies may
// outlive the server. Failure: cause::unavailable with a text that names the address (in use, not
// permitted, ...).

#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "actors/failure.hpp"
#include "gateway/limits.hpp"
#include "gateway/server/connection_stats.hpp"
#include "gateway/server/tls.hpp"
#include "gateway/wire/http_message.hpp"

namespace reprise::gateway {

struct server_options {
  std::string host = "127.0.0.1";  // an address or a resolvable name
  std::uint16_t port = 0;          // 0: any free port
  unsigned threads = 1;
  gateway::limits limits;
  tls_settings tls{};  // null: plain
  std::shared_ptr<connection_stats> seen = std::make_shared<connection_stats>();
};

class server {
 public:
  // Listens and starts the I/O threads. The handler is called on them.
  static result<std::unique_ptr<server>> open(server_options, request_handler);
  ~server();  // closes every connection at once

  std::uint16_t port() const noexcept;
  std::string url() const;                   // http://127.0.0.1:7071
  std::size_t connections() const noexcept;  // open now

  // Uses these settings for new connections. Only for a server with TLS.
  void replace(const tls_settings&);

  // Stops accepting, closes idle connections, expires the timers of waiting requests, ends streams.
  // Returns when no connection is left, at the latest after `longest`; then cancels reads and writes
  // that are half done, so that only requests without a response remain.
  void drain(std::chrono::milliseconds longest);
  // Waits at most `longest` for responses to be sent, then closes all connections.
  void stop(std::chrono::milliseconds longest);

  server(const server&) = delete;
  server& operator=(const server&) = delete;

 private:
  class state;
  explicit server(std::unique_ptr<state>);
  std::unique_ptr<state> state_;
};

}  // namespace reprise::gateway
