#include "tests/gateway/server/certificates.hpp"

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <stdexcept>

namespace reprise::gateway_test {

namespace {

void require(bool yes, const char* what) {
  if (!yes) throw std::runtime_error(what);
}

void add_to_subject(X509_NAME* name, const char* field, const std::string& value) {
  const auto* bytes = reinterpret_cast<const unsigned char*>(value.c_str());
  require(X509_NAME_add_entry_by_txt(name, field, MBSTRING_UTF8, bytes, -1, -1, 0) == 1, field);
}

std::string write_private_key(const identity& who, const std::string& path,
                              const EVP_CIPHER* cipher, const std::string& passphrase) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "w"),
                                                             std::fclose);
  const auto* secret = reinterpret_cast<const unsigned char*>(passphrase.data());
  require(file != nullptr &&
              PEM_write_PrivateKey(file.get(), who.key.get(), cipher, secret,
                                   static_cast<int>(passphrase.size()), nullptr, nullptr) == 1,
          "private key");
  return path;
}

}  // namespace

identity make_identity(const std::string& name, const identity* issuer) {
  identity made;
  made.key.reset(EVP_EC_gen("P-256"), EVP_PKEY_free);
  made.certificate.reset(X509_new(), X509_free);
  auto* const x = made.certificate.get();
  require(made.key != nullptr && x != nullptr, "new");
  static long serial = 0;
  ASN1_INTEGER_set(X509_get_serialNumber(x), ++serial);
  X509_set_version(x, X509_VERSION_3);
  X509_gmtime_adj(X509_getm_notBefore(x), -3600);
  X509_gmtime_adj(X509_getm_notAfter(x), 3600);
  X509_set_pubkey(x, made.key.get());
  auto* const subject = X509_get_subject_name(x);
  add_to_subject(subject, "O", "Reprise");
  add_to_subject(subject, "CN", name);
  const auto* const by = issuer != nullptr ? issuer : &made;
  X509_set_issuer_name(x, X509_get_subject_name(by->certificate.get()));
  if (issuer == nullptr) {
    const std::unique_ptr<X509_EXTENSION, decltype(&X509_EXTENSION_free)> is_authority(
        X509V3_EXT_conf_nid(nullptr, nullptr, NID_basic_constraints, "critical,CA:TRUE"),
        X509_EXTENSION_free);
    X509_add_ext(x, is_authority.get(), -1);
  }
  require(X509_sign(x, by->key.get(), EVP_sha256()) != 0, "sign");
  return made;
}

std::string write_certificate(const identity& who, const std::string& path) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "w"),
                                                             std::fclose);
  require(file != nullptr && PEM_write_X509(file.get(), who.certificate.get()) == 1, "certificate");
  return path;
}

std::string write_key(const identity& who, const std::string& path) {
  return write_private_key(who, path, nullptr, "");
}

std::string write_locked_key(const identity& who, const std::string& path) {
  return write_private_key(who, path, EVP_aes_256_cbc(), "passphrase");
}

}  // namespace reprise::gateway_test
