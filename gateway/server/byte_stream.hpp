// The byte stream of one connection: plain TCP, or TLS after async_handshake().
//
// One type serves both, so that connection.cpp has no template: each operation checks once which it
// is. Cancelling and closing happen on the socket below, which is the same in both cases.

#pragma once

#include <openssl/ssl.h>

#include <optional>
#include <string>
#include <utility>

#include <boost/asio.hpp>
#include <boost/asio/ssl/stream.hpp>

#include "gateway/server/tls.hpp"

namespace reprise::gateway {

class byte_stream {
 public:
  using executor_type = boost::asio::io_context::executor_type;
  using socket_type = boost::asio::basic_stream_socket<boost::asio::ip::tcp, executor_type>;

  explicit byte_stream(socket_type s) : socket_(std::move(s)) {}

  executor_type get_executor() noexcept { return socket_.get_executor(); }
  socket_type& socket() noexcept { return socket_; }
  bool is_secure() const noexcept { return tls_.has_value(); }
  std::string peer_certificate() { return peer_subject(tls_->native_handle()); }

  template <class Token>
  auto async_handshake(const tls_settings& settings, Token&& token) {
    tls_.emplace(socket_, SSL_new(settings.get()));
    return tls_->async_handshake(boost::asio::ssl::stream_base::server, std::forward<Token>(token));
  }
  // Sends the TLS close_notify and waits for that of the peer.
  template <class Token>
  auto async_farewell(Token&& token) {
    return tls_->async_shutdown(std::forward<Token>(token));
  }

  template <class Buffers, class Token>
  auto async_read_some(const Buffers& into, Token&& token) {
    return boost::asio::async_initiate<Token, void(boost::system::error_code, std::size_t)>(
        [this](auto handler, const Buffers& b) {
          if (tls_) return tls_->async_read_some(b, std::move(handler));
          socket_.async_read_some(b, std::move(handler));
        },
        token, into);
  }
  template <class Buffers, class Token>
  auto async_write_some(const Buffers& from, Token&& token) {
    return boost::asio::async_initiate<Token, void(boost::system::error_code, std::size_t)>(
        [this](auto handler, const Buffers& b) {
          if (tls_) return tls_->async_write_some(b, std::move(handler));
          socket_.async_write_some(b, std::move(handler));
        },
        token, from);
  }

 private:
  socket_type socket_;
  std::optional<boost::asio::ssl::stream<socket_type&>> tls_;
};

}  // namespace reprise::gateway
