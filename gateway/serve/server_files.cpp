#include "gateway/serve/server_files.hpp"

#include <utility>

#include "gateway/access/jwt.hpp"
#include "gateway/access/url_signer.hpp"
#include "gateway/cli/console.hpp"

namespace reprise::gateway {

bool is_loopback(std::string_view host) {
  return host == "localhost" || host == "::1" || host.starts_with("127.");
}

result<credentials> read_credentials(const serve_command& c) {
  credentials now;
  if (!c.keys.empty()) {
    auto keys = key_ring::open(c.keys);
    if (!keys) return keys.error();
    now.known.keys = std::move(*keys);
  }
  if (!c.jwks.empty()) {
    auto tokens = token_keys::open(c.jwks, {c.audience, c.issuer});
    if (!tokens) return tokens.error();
    now.known.tokens = std::move(*tokens);
  }
  if (!c.url_secret.empty()) {
    auto urls = url_signer::open(c.url_secret, std::chrono::seconds(c.url_seconds));
    if (!urls) return urls.error();
    now.known.urls = std::move(*urls);
  }
  if (!c.tls.certificate.empty()) {
    auto tls = read_tls(c.tls);
    if (!tls) return tls.error();
    now.tls = std::move(*tls);
  }
  return now;
}

std::string contradiction(const serve_command& c, const std::string& host) {
  const auto& tls = c.tls;
  if (c.data.empty() && !c.ephemeral)
    return "say where the data lives: --data FOLDER, or --ephemeral to keep nothing";
  if (!c.data.empty() && c.ephemeral) return "--data and --ephemeral exclude each other";
  if (tls.certificate.empty() != tls.key.empty())
    return "TLS needs both --tls-cert FILE and --tls-key FILE";
  if (!tls.client_ca.empty() && (tls.certificate.empty() || c.keys.empty()))
    return "--tls-client-ca needs TLS (--tls-cert, --tls-key), and --keys FILE: its lines say what "
           "the "
           "holder of a certificate may";
  if (c.jwks.empty() != c.audience.empty())
    return "tokens need both --jwks FILE and --jwt-audience NAME: one that is meant for somebody "
           "else opens nothing here";
  const bool asks = !c.keys.empty() || !c.jwks.empty();
  if (!c.url_secret.empty() && !asks)
    return "--url-secret signs URLs for who has no key: without --keys or --jwks nobody needs one";
  if (is_loopback(host) || c.insecure || (asks && !tls.certificate.empty())) return {};
  std::string text = host + " can be reached from other machines, so it is refused without";
  if (!asks) text.append(" --keys FILE (`").append(program_name()).append(" key new` makes keys)");
  if (!asks && tls.certificate.empty()) text += " and";
  if (tls.certificate.empty()) text += " --tls-cert FILE --tls-key FILE";
  return text + "; --insecure serves it all the same";
}

result<request_logs> open_logs(const serve_command& c) {
  request_logs logs;
  const std::pair<const std::string&, std::shared_ptr<line_log>&> wanted[] = {
      {c.access_log, logs.access}, {c.audit_log, logs.audit}};
  for (const auto& [path, log] : wanted) {
    if (path.empty()) continue;
    auto opened = line_log::open(path);
    if (!opened) return opened.error();
    log = std::move(*opened);
  }
  return logs;
}

bool has_files(const serve_command& c) {
  return !c.keys.empty() || !c.jwks.empty() || !c.tls.certificate.empty() ||
         !c.access_log.empty() || !c.audit_log.empty();
}

}  // namespace reprise::gateway
