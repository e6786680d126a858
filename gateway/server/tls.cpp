#include "gateway/server/tls.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <cstring>

namespace reprise::gateway {

namespace {

// Returns the oldest error in OpenSSL's queue, which is the innermost one, and clears the queue.
std::string openssl_words() {
  const auto code = ERR_get_error();
  ERR_clear_error();
  if (ERR_SYSTEM_ERROR(code)) return std::strerror(ERR_GET_REASON(code));
  const char* reason = ERR_reason_error_string(code);
  if (reason != nullptr) return reason;
  return code != 0 ? "error " + std::to_string(code) : "unknown error";
}

failure unreadable(const std::string& what, const std::string& path) {
  return {cause::invalid, what + " " + path + " cannot be used: " + openssl_words(), false};
}

// ALPN: refuses a client that offers only other protocols. Not called for a client without ALPN, which
// speaks HTTP/1.1.
int choose_protocol(SSL*, const unsigned char** out, unsigned char* size, const unsigned char* in,
                    unsigned in_size, void*) {
  static constexpr unsigned char ours[] = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
  unsigned char* chosen = nullptr;
  if (SSL_select_next_proto(&chosen, size, ours, sizeof ours, in, in_size) !=
      OPENSSL_NPN_NEGOTIATED)
    return SSL_TLSEXT_ERR_ALERT_FATAL;
  *out = chosen;
  return SSL_TLSEXT_ERR_OK;
}

bool harden(SSL_CTX* context) {
  SSL_CTX_set_options(context, SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_NO_COMPRESSION |
                                   SSL_OP_NO_RENEGOTIATION | SSL_OP_PRIORITIZE_CHACHA);
  // A server has nobody to ask for a passphrase: do not prompt, fail.
  SSL_CTX_set_default_passwd_cb(context, [](char*, int, int, void*) { return 0; });
  SSL_CTX_set_alpn_select_cb(context, choose_protocol, nullptr);
  constexpr unsigned char name[] = "reprise";
  return SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) == 1 &&
         SSL_CTX_set_cipher_list(context, "ECDHE+AESGCM:ECDHE+CHACHA20") == 1 &&
         SSL_CTX_set_session_id_context(context, name, sizeof name - 1) == 1;
}

}  // namespace

result<tls_settings> read_tls(const tls_files& files) {
  ERR_clear_error();
  tls_settings settings(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
  auto* const context = settings.get();
  if (context == nullptr || !harden(context))
    return failure{cause::unavailable, "OpenSSL cannot be used: " + openssl_words(), false};
  if (SSL_CTX_use_certificate_chain_file(context, files.certificate.c_str()) != 1)
    return unreadable("the certificate", files.certificate);
  if (SSL_CTX_use_PrivateKey_file(context, files.key.c_str(), SSL_FILETYPE_PEM) != 1)
    return unreadable("the private key", files.key);
  if (SSL_CTX_check_private_key(context) != 1)
    return unreadable("with the certificate " + files.certificate + " the private key", files.key);
  if (files.client_ca.empty()) return settings;
  if (SSL_CTX_load_verify_file(context, files.client_ca.c_str()) != 1)
    return unreadable("the file of client CAs", files.client_ca);
  SSL_CTX_set_client_CA_list(context, SSL_load_client_CA_file(files.client_ca.c_str()));
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  return settings;
}

std::string peer_subject(const ssl_st* connection) {
  const std::unique_ptr<X509, decltype(&X509_free)> certificate(
      SSL_get1_peer_certificate(connection), X509_free);
  if (certificate == nullptr) return {};
  const std::unique_ptr<BIO, decltype(&BIO_free)> text(BIO_new(BIO_s_mem()), BIO_free);
  X509_NAME_print_ex(text.get(), X509_get_subject_name(certificate.get()), 0, XN_FLAG_RFC2253);
  char* bytes = nullptr;
  const auto size = BIO_get_mem_data(text.get(), &bytes);
  return {bytes, static_cast<std::size_t>(size)};
}

}  // namespace reprise::gateway
