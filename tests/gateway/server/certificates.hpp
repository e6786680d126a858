// Certificates for the tests of TLS, generated at run time.

#pragma once

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>
#include <string>

namespace reprise::gateway_test {

struct identity {
  std::shared_ptr<EVP_PKEY> key;
  std::shared_ptr<X509> certificate;
};

// Its subject is O=Reprise, CN=name. Self-signed, or signed by `issuer`.
identity make_identity(const std::string& name, const identity* issuer = nullptr);

// Write PEM files; return their paths.
std::string write_certificate(const identity&, const std::string& path);
std::string write_key(const identity&, const std::string& path);
std::string write_locked_key(const identity&, const std::string& path);  // by a passphrase

}  // namespace reprise::gateway_test
