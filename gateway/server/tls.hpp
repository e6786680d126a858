// TLS of a server: 1.2 and later, suites with forward secrecy only, HTTP/1.1 by ALPN.
//
// Made whole or not at all, never changed: a reload makes another one, which connections that come
// later get. Sessions of an old one are not resumed with a new one.
//
// Threads: any. Failure: cause::invalid, naming the file and what OpenSSL said of it.

#pragma once

#include <memory>
#include <string>

#include "actors/failure.hpp"

struct ssl_ctx_st;  // SSL_CTX
struct ssl_st;      // SSL

namespace reprise::gateway {

struct tls_files {          // PEM
  std::string certificate;  // and what leads from it to a root; empty: no TLS
  std::string key;
  std::string client_ca;  // clients must have a certificate of one of these; empty: nobody is asked
};

using tls_settings = std::shared_ptr<ssl_ctx_st>;
result<tls_settings> read_tls(const tls_files&);

// Of the certificate that the client showed and that was verified, as RFC 2253 writes it; "" without.
std::string peer_subject(const ssl_st*);

}  // namespace reprise::gateway
