// HTTP/1.1 over TCP, plain or by TLS: accepts, guards, reads, hands each request to one handler and writes its
// answer.
//
// One io_context and one thread per gateway thread, each with its own listening socket
// (SO_REUSEPORT) and its own connections: they share nothing. A connection is one coroutine that
// handles one request after the other, so answers to pipelined requests leave in order, one each. A
// request that breaks a rule gets its status and its connection is closed.
//
// It ends in two steps, so that what was asked for can end between them: `drain`, then `stop`.
//
// Threads: `open`, `replace`, `drain`, `stop` and the destructor from one thread. Lifetime: replies may outlive the
// server. Failure: cause::unavailable with a text that names the address (in use, not permitted,
// ...).

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
  std::string host = "127.0.0.1";  // an address, or a name that resolves to one
  std::uint16_t port = 0;          // 0: any free one
  unsigned threads = 1;
  gateway::limits limits;
  tls_settings tls{};  // null: plain
  std::shared_ptr<connection_stats> seen = std::make_shared<connection_stats>();
};

class server {
 public:
  static result<std::unique_ptr<server>> open(server_options, request_handler);
  ~server();  // closes every connection at once

  std::uint16_t port() const noexcept;
  std::string url() const;  // http://127.0.0.1:7071
  std::size_t connections() const noexcept;

  // For connections that come from now on. Only of a server that speaks TLS.
  void replace(const tls_settings&);

  // Stops accepting, closes what is idle, answers who waits as if his time were up, ends streams.
  // Returns when there is no connection any more, at the latest after `longest`: then what is half
  // sent or half taken is cut off, and only requests that have no answer yet are left.
  void drain(std::chrono::milliseconds longest);
  // Lets answers leave for at most `longest`, then closes what is left.
  void stop(std::chrono::milliseconds longest);

  server(const server&) = delete;
  server& operator=(const server&) = delete;

 private:
  class state;
  explicit server(std::unique_ptr<state>);
  std::unique_ptr<state> state_;
};

}  // namespace reprise::gateway
