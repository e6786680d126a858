#include "tests/gateway/server/tls_client.hpp"

#include <openssl/err.h>

#include <csignal>

namespace reprise::gateway_test {

tls_client::tls_client(std::uint16_t port, const tls_options& options)
    : raw_client(port), context_(SSL_CTX_new(TLS_client_method()), SSL_CTX_free) {
  std::signal(SIGPIPE, SIG_IGN);  // which OpenSSL raises when the server has closed
  auto* const context = context_.get();
  if (options.newest < TLS1_2_VERSION) {
    SSL_CTX_set_security_level(context, 0);  // else this end would refuse it
    SSL_CTX_set_min_proto_version(context, TLS1_VERSION);
  }
  SSL_CTX_set_max_proto_version(context, options.newest);
  if (options.trusted != nullptr) {
    X509_STORE_add_cert(SSL_CTX_get_cert_store(context), options.trusted->certificate.get());
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  }
  if (options.shown != nullptr) {
    SSL_CTX_use_certificate(context, options.shown->certificate.get());
    SSL_CTX_use_PrivateKey(context, options.shown->key.get());
  }
  if (!options.protocols.empty())
    SSL_CTX_set_alpn_protos(context,
                            reinterpret_cast<const unsigned char*>(options.protocols.data()),
                            static_cast<unsigned>(options.protocols.size()));
  connection_.reset(SSL_new(context), SSL_free);
  SSL_set_fd(connection_.get(), socket());
  ERR_clear_error();
  if (SSL_connect(connection_.get()) != 1) note_failure();
}

tls_client::~tls_client() = default;

void tls_client::note_failure() {
  if (!failure_.empty()) return;
  const auto code = ERR_get_error();
  const char* words = ERR_reason_error_string(code);
  failure_ = words != nullptr ? words : "closed";
  ERR_clear_error();
}

std::string tls_client::protocol() const {
  const unsigned char* name = nullptr;
  unsigned size = 0;
  SSL_get0_alpn_selected(connection_.get(), &name, &size);
  return {reinterpret_cast<const char*>(name), size};
}

bool tls_client::said_farewell() const {
  return (SSL_get_shutdown(connection_.get()) & SSL_RECEIVED_SHUTDOWN) != 0;
}

std::ptrdiff_t tls_client::write(std::string_view bytes) {
  if (!failure_.empty()) return -1;
  ERR_clear_error();
  return SSL_write(connection_.get(), bytes.data(), static_cast<int>(bytes.size()));
}

std::ptrdiff_t tls_client::read(char* into, std::size_t most) {
  if (!failure_.empty()) return -1;
  ERR_clear_error();
  const int n = SSL_read(connection_.get(), into, static_cast<int>(most));
  if (n <= 0 && SSL_get_error(connection_.get(), n) != SSL_ERROR_ZERO_RETURN) note_failure();
  return n;
}

}  // namespace reprise::gateway_test
