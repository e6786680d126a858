// TLS settings of a server: TLS 1.2 and later, cipher suites with forward secrecy only, HTTP/1.1 by
// ALPN.
//
// Settings are immutable. A reload makes new ones, which later connections use; sessions of the old
// settings are not resumed with the new ones.
//
// Threads: any. Failure: cause::invalid, naming the file and OpenSSL's reason; cause::unavailable if
// OpenSSL itself fails.

#pragma once

#include <memory>
#include <string>

#include "actors/failure.hpp"

struct ssl_ctx_st;  // SSL_CTX
struct ssl_st;      // SSL

namespace reprise::gateway {

// Paths of PEM files.
struct tls_files {
  std::string certificate;  // with its chain of intermediates; empty: no TLS
  std::string key;
  std::string client_ca;  // clients need a certificate of one of these CAs; empty: none is needed
};

using tls_settings = std::shared_ptr<ssl_ctx_st>;
result<tls_settings> read_tls(const tls_files&);

// Returns the subject (RFC 2253) of the client's verified certificate; "" without one.
std::string peer_subject(const ssl_st*);

}  // namespace reprise::gateway
