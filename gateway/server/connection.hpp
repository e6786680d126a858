// One connection, and the I/O thread with its io_context that it belongs to. Included by connection.cpp
// and server.cpp only: Asio and Beast cost 20 s of compiling per file.

#pragma once

#include <atomic>
#include <cassert>
#include <chrono>
#include <ctime>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_set>
#include <utility>

#include <boost/asio.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include "gateway/limits.hpp"
#include "gateway/server/byte_stream.hpp"
#include "gateway/server/connection_stats.hpp"
#include "gateway/server/per_ip_limit.hpp"
#include "gateway/server/request_guard.hpp"
#include "gateway/wire/http_message.hpp"

namespace reprise::gateway {

namespace net = boost::asio;
namespace http = boost::beast::http;
using tcp = net::ip::tcp;
using error_code = boost::system::error_code;
using executor = net::io_context::executor_type;  // not type-erased: one virtual call less
using socket_type = byte_stream::socket_type;
using acceptor_type = net::basic_socket_acceptor<tcp, executor>;
using clock = std::chrono::steady_clock;
using timer_type = net::basic_waitable_timer<clock, net::wait_traits<clock>, executor>;
template <class T>
using task = net::awaitable<T, executor>;
inline constexpr net::as_tuple_t<net::use_awaitable_t<executor>> awaited{};

class connection;

// The timer of reply::call_after(): calls `call` when the time is up, or earlier when the server drains.
struct time_limit {
  time_limit(net::io_context& context, std::chrono::milliseconds t, std::function<void()> f)
      : timer(context, t), call(std::move(f)) {}
  void end() { timer.cancel(); }  // expires now: `call` runs soon, on the I/O thread
  void drop() {                   // cancels: `call` never runs
    const auto dropped = std::exchange(call, nullptr);
    timer.cancel();
  }

  timer_type timer;
  std::function<void()> call;
};

// What the connections of one I/O thread share. Threads: that one only, except `seen` and `addresses`.
// Lifetime: coroutines borrow it, because their frames belong to `context`, which is destroyed first.
// Answer slots may outlive the server, so they share ownership.
struct io_thread : std::enable_shared_from_this<io_thread> {
  limits allowed;
  request_handler handle;
  tls_settings tls;  // null: plain
  std::shared_ptr<connection_stats> seen;
  std::shared_ptr<per_ip_limit> addresses;
  std::unordered_set<connection*> connections;
  acceptor_type* acceptor = nullptr;
  std::unordered_set<time_limit*> waits;
  bool closing = false;      // takes no further request; waits end at once
  bool sweeping = false;     // the coroutine that enforces deadlines is running
  std::string fixed_fields;  // Date and the constant fields: the same in all responses of a second
  std::time_t fixed_second = 0;
  net::io_context context{1};  // last: coroutines that it destroys use the members above
};

// One connection: a coroutine that reads, handles and answers one request after the other.
class connection {
 public:
  connection(io_thread&, socket_type, const tcp::endpoint& peer);
  ~connection();

  task<void> serve();                  // until the connection ends
  void expire(clock::time_point now);  // cancels the current operation if its deadline has passed
  void close_if_idle();
  void cut();  // cancels the current read or write

  connection(const connection&) = delete;
  connection& operator=(const connection&) = delete;

 private:
  enum class progress { go_on, stop };

  task<progress> shake_hands();
  task<progress> read_head();
  task<progress> read_body();
  bool take_length();
  task<error_code> read_length();
  task<error_code> read_chunks();
  template <class Ask>
  task<http_response> answer_of(Ask);  // calls Ask once with a reply and awaits its response
  task<progress> write(http_response&);
  task<progress> write_rest(std::function<void(const reply&)> more);
  task<void> refuse(unsigned status, std::string_view why);
  task<void> refuse_late(std::string_view why);
  task<void> linger();

  void deadline(std::optional<std::chrono::milliseconds>);
  std::string_view buffered() const;
  void take_head(const request_head&);
  void append_head(std::string& out, const http_response&) const;
  task<void> compress(http_response&) const;

  io_thread& io_thread_;
  byte_stream stream_;
  std::shared_ptr<const peer_info> far_end_;
  const bool is_local_;
  boost::beast::flat_buffer buffer_;
  std::optional<http_request> request_;  // from its head until the handler takes it
  std::size_t length_ = 0;               // Content-Length
  bool expects_continue_ = false;
  bool keep_alive_ = false;
  bool says_keep_alive_ = false;
  bool takes_gzip_ = false;
  bool is_head_ = false;  // HEAD: the response has no body, although its head describes one
  bool idle_ = false;     // between two requests: closing loses nothing
  bool expired_ = false;
  std::optional<clock::time_point> due_;
  std::optional<http::request_parser<http::string_body>> parser_;  // of a chunked body only
};

}  // namespace reprise::gateway
