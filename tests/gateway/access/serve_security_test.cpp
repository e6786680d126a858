// `serve` with keys and TLS, and `key new`: the program from outside.

#include <csignal>
#include <string>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "gateway/access/api_keys.hpp"
#include "tests/gateway/process.hpp"
#include "tests/gateway/scratch_folder.hpp"
#include "tests/gateway/server/tls_client.hpp"

namespace {

using namespace reprise;
using namespace reprise::gateway;
using namespace reprise::gateway_test;
using strings = std::vector<std::string>;
namespace data = boost::unit_test::data;

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

struct finished {
  int code;
  std::string out, err;
};
finished run(strings arguments) {
  arguments.insert(arguments.begin(), REPRISE_BARE_PROGRAM);
  process p(std::move(arguments));
  auto out = p.out();
  auto err = p.err();
  return {p.end(), std::move(out), std::move(err)};
}

strings serve_with(const strings& more) {
  strings all{REPRISE_BARE_PROGRAM, "serve", "--ephemeral", "--port", "0"};
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

struct serving {
  explicit serving(const strings& more) : child(serve_with(more)), line(child.line()) {
    if (!line.starts_with("listening on ")) BOOST_FAIL("serve did not begin: " + child.err());
  }
  std::uint16_t port() const {
    return static_cast<std::uint16_t>(std::stoi(line.substr(line.rfind(':') + 1)));
  }
  // Sends the signal and returns when the server has said how it went.
  std::string hang_up() {
    child.signal(SIGHUP);
    std::string said;
    do said = child.error_line();
    while (!contains(said, "SIGHUP") && !contains(said, "stay as they were") && !said.empty());
    return said;
  }

  process child;
  std::string line;
};

std::string request_for(const std::string& target, const std::string& secret) {
  return "GET " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" +
         (secret.empty() ? "" : "Authorization: Bearer " + secret + "\r\n") + "\r\n";
}
unsigned status(std::uint16_t port, const std::string& secret) {
  return raw_client(port).send(request_for("/v1/version", secret)).answer().status;
}

// The files that serving others needs.
struct files {
  files() {
    folder.write("keys", key.line + "\n");
    write_certificate(who, folder.at("cert"));
    write_key(who, folder.at("key"));
  }
  strings tls() const { return {"--tls-cert", folder.at("cert"), "--tls-key", folder.at("key")}; }

  const scratch_folder folder;
  const fresh_key key = *make_key("ops", {"read"});
  const identity who = make_identity("localhost");
};

struct row {
  std::string what;
  strings arguments;  // KEYS, CERT, KEY stand for files
  std::string says;
};
std::ostream& operator<<(std::ostream& out, const row& r) { return out << r.what; }

const row refused[] = {
    {"open to others", {"--listen", "0.0.0.0:0"}, "--keys FILE (`reprise key new` makes keys) and"},
    {"open to others with keys",
     {"--listen", "0.0.0.0:0", "--keys", "KEYS"},
     "refused without --tls-cert FILE --tls-key FILE; --insecure"},
    {"open to others with TLS",
     {"--listen", "[::]:0", "--tls-cert", "CERT", "--tls-key", "KEY"},
     "refused without --keys FILE (`reprise key new` makes keys); --insecure"},
    {"half of TLS", {"--tls-cert", "CERT"}, "both --tls-cert FILE and --tls-key FILE"},
    {"clients' CA alone", {"--tls-client-ca", "CERT"}, "--tls-client-ca needs TLS"},
    {"clients' CA without lines",
     {"--tls-client-ca", "CERT", "--tls-cert", "CERT", "--tls-key", "KEY"},
     "and --keys FILE"},
    {"tokens for anybody", {"--jwks", "KEYS"}, "both --jwks FILE and --jwt-audience NAME"},
    {"bad tokens", {"--jwks", "KEYS", "--jwt-audience", "shop"}, "the JWKS file "},
    {"log nowhere", {"--audit-log", "/nonexistent/log"}, "cannot write the log /nonexistent/log"},
    {"no keys", {"--keys", "/nonexistent"}, "the keys file /nonexistent cannot be read"},
    {"bad keys", {"--keys", "KEY"}, "line 1: "},
    {"bad certificate", {"--tls-cert", "KEYS", "--tls-key", "KEY"}, "the certificate "},
    {"keys of a variable that is not set", {"--keys", ""}, "--keys: it is empty"},
    {"certificate of one", {"--tls-cert", "", "--tls-key", ""}, "it is empty"},
    {"issuer of one",
     {"--jwks", "KEYS", "--jwt-audience", "shop", "--jwt-issuer", ""},
     "--jwt-issuer: it is empty"},
    {"log of one", {"--audit-log", ""}, "--audit-log: it is empty"},
    {"no limit", {"--max-body", "0"}, "--max-body"},
    {"no time", {"--head-seconds", "0"}, "--head-seconds"},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(serve_security)

BOOST_DATA_TEST_CASE(an_unsafe_configuration_is_refused_with_advice, data::make(refused), one) {
  const files f;
  strings arguments{"serve", "--ephemeral"};
  for (const auto& word : one.arguments)
    arguments.push_back(word == "KEYS"   ? f.folder.at("keys")
                        : word == "CERT" ? f.folder.at("cert")
                        : word == "KEY"  ? f.folder.at("key")
                                         : word);
  const auto ended = run(arguments);
  BOOST_TEST(ended.code == 2, ended.out << ended.err);
  BOOST_TEST(contains(ended.err, one.says), ended.err);
}

BOOST_AUTO_TEST_CASE(a_server_with_keys_and_tls_serves_other_machines) {
  const files f;
  auto arguments = f.tls();
  arguments.insert(arguments.end(), {"--listen", "0.0.0.0:0", "--keys", f.folder.at("keys")});
  const serving s(arguments);
  BOOST_TEST(s.line.starts_with("listening on https://0.0.0.0:"), s.line);
  const auto ask = [&](const std::string& secret) {
    return tls_client(s.port()).send(request_for("/v1/version", secret)).answer().status;
  };
  BOOST_TEST(ask(f.key.secret) == 200u);
  BOOST_TEST(ask("") == 401u);
  BOOST_TEST(status(s.port(), f.key.secret) == 400u);  // not by TLS
}

BOOST_AUTO_TEST_CASE(the_command_line_asks_only_a_trusted_server_over_tls) {
  const files f;
  auto arguments = f.tls();
  f.folder.write("secret", f.key.secret + "\n");
  arguments.insert(arguments.end(), {"--keys", f.folder.at("keys")});
  const serving s(arguments);
  const auto list = [&](const std::string& host, const strings& more) {
    strings words{"list", "--server", "https://" + host + ":" + std::to_string(s.port()),
                  "--key-file", f.folder.at("secret")};
    words.insert(words.end(), more.begin(), more.end());
    return run(words);
  };
  const strings trusting{"--ca", f.folder.at("cert")};
  const auto listed = list("localhost", trusting);
  BOOST_TEST(listed.code == 0, listed.err);
  const auto unknown = list("localhost", {});
  BOOST_TEST(unknown.code == 9, unknown.err);
  BOOST_TEST(contains(unknown.err, "--ca FILE names whom to trust"), unknown.err);
  BOOST_TEST(list("127.0.0.1", trusting).code == 9);  // the certificate names localhost
  const auto unreadable = list("localhost", {"--ca", f.folder.at("nothing")});
  BOOST_TEST(unreadable.code == 2, unreadable.err);
  BOOST_TEST(contains(unreadable.err, f.folder.at("nothing")), unreadable.err);
}

BOOST_AUTO_TEST_CASE(keys_and_certificates_are_read_again_on_sighup) {
  const files f;
  auto arguments = f.tls();
  arguments.insert(arguments.end(), {"--keys", f.folder.at("keys")});
  serving s(arguments);
  const auto next = make_identity("next");
  const auto other = *make_key("other", {"read"});
  tls_options trusting;
  trusting.trusted = &next;
  const auto ask = [&](const std::string& secret) {
    return tls_client(s.port()).send(request_for("/v1/version", secret)).answer().status;
  };
  f.folder.write("keys", "nonsense\n");
  BOOST_TEST(contains(s.hang_up(), "stay as they were: the keys file"));
  BOOST_TEST(ask(f.key.secret) == 200u);
  f.folder.write("keys", other.line);
  write_certificate(next, f.folder.at("cert"));
  write_key(next, f.folder.at("key"));
  BOOST_TEST(contains(s.hang_up(), "read again on SIGHUP"));
  BOOST_TEST(ask(f.key.secret) == 401u);
  BOOST_TEST(ask(other.secret) == 200u);
  BOOST_TEST(tls_client(s.port(), trusting).failure() == "");
  s.child.signal(SIGTERM);
  BOOST_TEST(s.child.end() == 0);
}

BOOST_AUTO_TEST_CASE(a_certificate_is_let_in_by_its_line) {
  const files f;
  const auto authority = make_identity("authority");
  const auto till = make_identity("till 3", &authority), thief = make_identity("thief", &authority);
  write_certificate(authority, f.folder.at("ca"));
  f.folder.write("keys", "till-3 \"cert:CN=till 3,O=Reprise\" read\n" + f.key.line);
  auto arguments = f.tls();
  arguments.insert(arguments.end(),
                   {"--keys", f.folder.at("keys"), "--tls-client-ca", f.folder.at("ca")});
  const serving s(arguments);
  const auto ask = [&](const identity& shown, const std::string& secret) {
    tls_options options;
    options.shown = &shown;
    return tls_client(s.port(), options).send(request_for("/v1/version", secret)).answer();
  };
  BOOST_TEST(ask(till, "").status == 200u);
  BOOST_TEST(ask(thief, f.key.secret).status == 200u);  // a key says more than a certificate
  const auto refused_one = ask(thief, "");
  BOOST_TEST(refused_one.status == 403u);
  BOOST_TEST(contains(refused_one.body, "CN=thief,O=Reprise"), refused_one.body);
}

BOOST_AUTO_TEST_CASE(a_new_key_is_printed_once_and_its_line_lets_it_in) {
  const scratch_folder f;
  const auto shown = run({"key", "new", "ops", "--scopes", "read,signal:cart"});
  BOOST_TEST(shown.code == 0, shown.err);
  BOOST_TEST(shown.out.starts_with("rpk_"));
  BOOST_TEST(contains(shown.out, "\nops sha256:"));
  BOOST_TEST(contains(shown.out, " read signal:cart\n"));
  const auto kept = run({"key", "new", "ops", "--scopes", "read", "--keys", f.at("keys")});
  BOOST_TEST(kept.code == 0, kept.err);
  BOOST_TEST(run({"key", "new", "till", "--scopes", "read", "--keys", f.at("keys")}).code == 0);
  const auto secret = kept.out.substr(0, kept.out.size() - 1);
  const auto twice = run({"key", "new", "ops", "--scopes", "read", "--keys", f.at("keys")});
  BOOST_TEST(twice.code == 1);
  BOOST_TEST(contains(twice.err, "the name \"ops\" stands twice"), twice.err);
  BOOST_TEST(run({"key", "new", "x", "--scopes", "write"}).code == 2);
  BOOST_TEST(run({"key", "new", "x"}).code == 2);
  const serving s({"--keys", f.at("keys")});
  BOOST_TEST(status(s.port(), secret) == 200u);
  const auto server = "http://127.0.0.1:" + std::to_string(s.port());
  const auto nobody = run({"list", "--server", server});
  BOOST_TEST(nobody.code == 8, nobody.err);
  BOOST_TEST(contains(nobody.err, "(--key-file FILE, or REPRISE_KEY)\n"), nobody.err);
}

BOOST_AUTO_TEST_SUITE_END()
