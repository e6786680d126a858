// A raw_client with TLS that reports why it could not connect.

#pragma once

#include <openssl/ssl.h>

#include <memory>
#include <string>

#include "tests/gateway/server/certificates.hpp"
#include "tests/gateway/server/raw_client.hpp"

namespace reprise::gateway_test {

struct tls_options {
  const identity* trusted =
      nullptr;                      // who must have signed the server's certificate; null: anybody
  const identity* shown = nullptr;  // the client's own certificate
  int newest = TLS1_3_VERSION;
  std::string protocols;  // ALPN, each with its length before it; empty: none
};

class tls_client final : public raw_client {
 public:
  explicit tls_client(std::uint16_t port, const tls_options& = {});
  ~tls_client() override;

  // What went wrong in the handshake or, with TLS 1.3, at the first read; "" if nothing did.
  const std::string& failure() const { return failure_; }
  std::string version() const { return SSL_get_version(connection_.get()); }
  std::string protocol() const;  // that ALPN chose
  bool said_farewell() const;    // the server, before it closed

 private:
  std::ptrdiff_t write(std::string_view bytes) override;
  std::ptrdiff_t read(char* into, std::size_t most) override;
  void note_failure();

  std::shared_ptr<SSL_CTX> context_;
  std::shared_ptr<SSL> connection_;
  std::string failure_;
};

}  // namespace reprise::gateway_test
