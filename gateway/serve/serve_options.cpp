#include "gateway/serve/serve_options.hpp"

#include <chrono>
#include <cstdint>
#include <string>

#include <CLI/CLI.hpp>

#include "gateway/api/limit_options.hpp"
#include "gateway/cli/console.hpp"
#include "gateway/cli/option_checks.hpp"

namespace reprise::gateway {

namespace {

CLI::Option* add_seconds(CLI::App& serve, const char* option, std::chrono::milliseconds& value,
                         double least, const char* text) {
  return serve
      .add_option_function<double>(
          option,
          [&value](double given) {
            value = std::chrono::milliseconds(static_cast<std::int64_t>(given * 1000));
          },
          text)
      ->default_str(std::to_string(value.count() / 1000))
      ->check(seconds(least, 86'400));
}

void add_security(CLI::App& serve, serve_command& c) {
  const std::string group = "Who may ask";
  serve
      .add_option("--keys", c.keys,
                  std::string("File with the keys that are let in (")
                      .append(program_name())
                      .append(" key new); read again on SIGHUP"))
      ->check(something())
      ->envname("REPRISE_KEYS")
      ->group(group);
  serve
      .add_option("--jwks", c.jwks,
                  "JSON Web Key Set: whoever has a token that one of its keys signed is let in")
      ->check(something())
      ->group(group);
  serve.add_option("--jwt-audience", c.audience, "What must stand in `aud` of a token")
      ->check(something())
      ->group(group);
  serve
      .add_option("--jwt-issuer", c.issuer, "What must stand in `iss` of a token; any if not given")
      ->check(something())
      ->group(group);
  serve
      .add_option("--url-secret", c.url_secret,
                  "File with the secret that signs management URLs, made when it is not there: who "
                  "has such a URL needs no key for its instance")
      ->check(something())
      ->group(group);
  serve.add_option("--url-seconds", c.url_seconds, "How long a signed URL opens its instance")
      ->capture_default_str()
      ->check(whole_number(1, 10u * 365 * 86'400))
      ->group(group);
  serve.add_option("--tls-cert", c.tls.certificate, "Certificate chain, PEM: speak TLS")
      ->check(something())
      ->group(group);
  serve.add_option("--tls-key", c.tls.key, "Its private key, PEM; both read again on SIGHUP")
      ->check(something())
      ->group(group);
  serve
      .add_option(
          "--tls-client-ca", c.tls.client_ca,
          "CAs, PEM: every client must have a certificate of theirs; --keys says what it may")
      ->check(something())
      ->group(group);
  serve.add_option("--host", c.hosts, "A further name under which clients address this server")
      ->group(group);
  serve
      .add_option(
          "--page-origin", c.origins,
          "Pages of this origin may send requests too: https://NAME, where a proxy ends TLS")
      ->group(group);
  serve
      .add_flag("--insecure", c.insecure,
                "Serve other machines although nobody is asked who he is, or can be overheard")
      ->group(group);
}

void add_logs(CLI::App& serve, serve_command& c) {
  serve
      .add_option("--log-format", c.log_format, "What the node says on stderr: text, or JSON lines")
      ->capture_default_str()
      ->check(CLI::IsMember({"text", "json"}))
      ->group("Logs");
  serve
      .add_option("--audit-log", c.audit_log,
                  "File: a JSON line for each request that may change something")
      ->check(something())
      ->group("Logs");
  serve
      .add_option("--access-log", c.access_log,
                  "File: a JSON line for each request; both are opened anew on SIGHUP")
      ->check(something())
      ->group("Logs");
}

void add_traces(CLI::App& serve, serve_command& c) {
  const std::string group = "Traces";
  serve
      .add_option("--otlp-endpoint", c.otlp_endpoint,
                  "http://HOST:PORT of a collector: tell it what was done, by OTLP/HTTP")
      ->envname("OTEL_EXPORTER_OTLP_ENDPOINT")
      ->group(group);
  serve.add_option("--service-name", c.service_name, "What this program is called there")
      ->envname("OTEL_SERVICE_NAME")
      ->capture_default_str()
      ->group(group);
}

void add_limits(CLI::App& serve, limits& allowed) {
  for (const auto& one : count_limits())
    serve.add_option(one.option, allowed.*one.value, one.text)
        ->capture_default_str()
        ->check(whole_number(one.least, one.most))
        ->group("Limits");
  for (const auto& one : deadline_limits())
    add_seconds(serve, one.option, allowed.*one.value, 0.001, one.text)->group("Limits");
}

}  // namespace

CLI::App* add_serve(CLI::App& app, serve_command& c) {
  auto* serve = app.add_subcommand(
      "serve", "Run the application and serve it over HTTP until SIGTERM or SIGINT");
  serve->add_option("--data", c.data, "Folder that holds everything; made when it is not there")
      ->envname("REPRISE_DATA");
  serve
      ->add_option(
          "--module", c.modules,
          "Shared library with an application (<reprise/module.hpp>); several may be given")
      ->allow_extra_args(false);
  serve->add_flag("--ephemeral", c.ephemeral, "Keep everything in memory; it is gone at the end");
  serve->add_option("--listen", c.listen, "HOST:PORT; port 0 takes a free one")
      ->capture_default_str();
  serve->add_option("--port", c.port, "Port alone; 0 takes a free one")
      ->check(whole_number(0, 65'535));
  serve->add_option("--workers", c.workers, "Threads that run actors; 0: one per core")
      ->capture_default_str()
      ->check(whole_number(0, 1'024));
  serve->add_option("--gateway-threads", c.gateway_threads, "Threads that speak HTTP")
      ->capture_default_str()
      ->check(whole_number(1, 256));
  add_seconds(*serve, "--drain-delay", c.drain_delay, 0,
              "Time between a red /readyz and the end, for load balancers to look elsewhere");
  add_security(*serve, c);
  add_logs(*serve, c);
  add_traces(*serve, c);
  add_limits(*serve, c.allowed);
  serve->footer(example("serve --data shop.db\n") +
                "Prints `listening on http://...` when it is ready. Beyond this machine:\n  " +
                std::string(program_name()) +
                " serve --data shop.db --listen 0.0.0.0:7071 --keys keys --tls-cert c.pem "
                "--tls-key k.pem");
  return serve;
}

}  // namespace reprise::gateway
