#include <atomic>
#include <chrono>
#include <string>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "gateway/server/server.hpp"
#include "tests/gateway/scratch_folder.hpp"
#include "tests/gateway/server/tls_client.hpp"

namespace {

using namespace reprise;
using namespace reprise::gateway;
using namespace reprise::gateway_test;
using namespace std::chrono_literals;
namespace data = boost::unit_test::data;

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

tls_settings settings_of(const identity& who, const identity* clients = nullptr) {
  const scratch_folder f;
  tls_files files{write_certificate(who, f.at("cert")), write_key(who, f.at("key")), ""};
  if (clients != nullptr) files.client_ca = write_certificate(*clients, f.at("ca"));
  auto read = read_tls(files);
  BOOST_TEST_REQUIRE(!!read);
  return *read;
}

// Answers with what it got: method, body, certificate, and whether it came by TLS.
struct echo {
  explicit echo(tls_settings tls, limits allowed = {}) {
    server_options options;
    options.limits = allowed;
    options.tls = std::move(tls);
    auto opened = server::open(options, [this](http_request in, reply answer) {
      ++requests;
      answer({200,
              "text/plain",
              in.method + " " + in.body + (in.from->secure ? " secure " : " plain ") +
                  in.from->certificate,
              {}});
    });
    BOOST_TEST_REQUIRE(!!opened);
    serving = std::move(*opened);
  }
  std::uint16_t port() const { return serving->port(); }

  std::atomic<int> requests = 0;
  std::unique_ptr<server> serving;
};

const std::string get = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
std::string post(const std::string& body) {
  return "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\n\r\n" + body;
}

const identity& ours() {
  static const auto one = make_identity("localhost");
  return one;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(tls)

BOOST_AUTO_TEST_CASE(a_request_is_answered_and_the_certificate_is_ours) {
  echo e(settings_of(ours()));
  tls_options trusting;
  trusting.trusted = &ours();
  for (const int newest : {TLS1_3_VERSION, TLS1_2_VERSION}) {
    trusting.newest = newest;
    tls_client client(e.port(), trusting);
    BOOST_TEST_REQUIRE(client.failure() == "");
    BOOST_TEST(client.version() == (newest == TLS1_3_VERSION ? "TLSv1.3" : "TLSv1.2"));
    BOOST_TEST(client.send(get).answer().body == "GET  secure ");
    BOOST_TEST(client.send(post("abc")).answer().body == "POST abc secure ");
  }
  BOOST_TEST(contains(e.serving->url(), "https://127.0.0.1:"));
}

BOOST_AUTO_TEST_CASE(an_old_version_is_refused) {
  echo e(settings_of(ours()));
  tls_options old;
  old.newest = TLS1_1_VERSION;
  const tls_client client(e.port(), old);
  BOOST_TEST(contains(client.failure(), "alert protocol version"), client.failure());
}

BOOST_AUTO_TEST_CASE(plain_http_is_told_to_use_tls) {
  echo e(settings_of(ours()));
  const auto answers = raw_client(e.port()).send(get).send(get).end().rest();
  BOOST_TEST_REQUIRE(answers.size() == 1u);
  BOOST_TEST(answers[0].status == 400u);
  BOOST_TEST(answers[0].field("Connection") == "close");
  BOOST_TEST(contains(answers[0].body, "this port speaks TLS"));
  BOOST_TEST(e.requests == 0);
}

BOOST_AUTO_TEST_CASE(a_handshake_that_never_ends_meets_its_deadline) {
  limits allowed;
  allowed.handshake_deadline = 20ms;
  echo e(settings_of(ours()), allowed);
  raw_client silent(e.port());
  BOOST_TEST(silent.closed());
  raw_client begun(e.port());
  BOOST_TEST(begun.send("\x16\x03\x01").closed());
  BOOST_TEST(e.requests == 0);
}

BOOST_AUTO_TEST_CASE(bytes_that_are_no_handshake_end_the_connection) {
  echo e(settings_of(ours()));
  raw_client client(e.port());
  client.send(std::string("\x16\x03\x01\x00\x05hello", 10)).end();
  for (const auto& answer : client.rest()) BOOST_TEST(answer.status == 0u);
  BOOST_TEST(tls_client(e.port()).send(get).answer().status == 200u);
}

BOOST_AUTO_TEST_CASE(large_bodies_and_many_requests_at_once_pass) {
  echo e(settings_of(ours()));
  tls_client client(e.port());
  const std::string large(900'000, 'x');
  BOOST_TEST(client.send(post(large)).answer().body == "POST " + large + " secure ");
  std::string many;
  for (int i = 0; i < 50; ++i) many += post(std::to_string(i));
  client.send(many);
  for (int i = 0; i < 50; ++i)
    BOOST_TEST(client.answer().body == "POST " + std::to_string(i) + " secure ");
}

BOOST_AUTO_TEST_CASE(the_request_guard_stands_behind_tls_too) {
  echo e(settings_of(ours()));
  tls_client client(e.port());
  const auto answers = client
                           .send(
                               "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n"
                               "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" +
                               get)
                           .rest();
  BOOST_TEST_REQUIRE(answers.size() == 1u);
  BOOST_TEST(answers[0].status == 400u);
  BOOST_TEST(client.said_farewell());
  BOOST_TEST(e.requests == 0);
}

BOOST_AUTO_TEST_CASE(a_refusal_is_heard_although_the_client_still_sends) {
  limits allowed;
  allowed.body = 1000;
  echo e(settings_of(ours()), allowed);
  tls_client client(e.port());
  const auto answer = client.send(post(std::string(500'000, 'x'))).answer();
  BOOST_TEST(answer.status == 413u);
  BOOST_TEST(e.requests == 0);
}

BOOST_AUTO_TEST_CASE(a_header_that_never_ends_meets_its_deadline) {
  limits allowed;
  allowed.head_deadline = 20ms;
  echo e(settings_of(ours()), allowed);
  tls_client client(e.port());
  BOOST_TEST(client.send("GET / HTTP/1.1\r\nHost:").answer().status == 408u);
}

BOOST_AUTO_TEST_CASE(draining_closes_idle_connections) {
  echo e(settings_of(ours()));
  tls_client idle(e.port());
  raw_client silent(e.port());
  BOOST_TEST(idle.send(get).answer().status == 200u);
  e.serving->drain(10s);
  BOOST_TEST(idle.closed());
  BOOST_TEST(silent.closed());
  BOOST_TEST(e.serving->connections() == 0u);
}

BOOST_AUTO_TEST_CASE(a_handshake_that_is_half_done_does_not_hold_up_the_end) {
  echo e(settings_of(ours()));
  raw_client half(e.port());
  half.send(std::string("\x16\x03\x01\x02", 4));
  tls_client whole(e.port());  // its handshake comes after those bytes
  BOOST_TEST(whole.send(get).answer().status == 200u);
  e.serving->drain(0ms);
  e.serving->stop(std::chrono::hours(24));
  BOOST_TEST(half.closed());
  BOOST_TEST(whole.closed());
}

BOOST_AUTO_TEST_CASE(a_replaced_certificate_is_shown_to_new_connections) {
  echo e(settings_of(ours()));
  const auto next = make_identity("next");
  tls_options old_one, new_one;
  old_one.trusted = &ours();
  new_one.trusted = &next;
  tls_client before(e.port(), old_one);
  BOOST_TEST(before.send(get).answer().status == 200u);
  e.serving->replace(settings_of(next));
  BOOST_TEST(before.send(get).answer().status == 200u);
  BOOST_TEST(tls_client(e.port(), new_one).send(get).answer().status == 200u);
  BOOST_TEST(tls_client(e.port(), old_one).failure() == "certificate verify failed");
}

BOOST_AUTO_TEST_CASE(http_is_chosen_among_protocols_and_nothing_else_is) {
  echo e(settings_of(ours()));
  tls_options both, other;
  both.protocols = "\x02h2\x08http/1.1";
  other.protocols = "\x02h2";
  const tls_client client(e.port(), both);
  BOOST_TEST(client.protocol() == "http/1.1");
  BOOST_TEST(contains(tls_client(e.port(), other).failure(), "no application protocol"));
}

BOOST_AUTO_TEST_CASE(a_client_shows_a_certificate_where_one_is_asked_for) {
  const auto authority = make_identity("authority"), stranger = make_identity("stranger");
  const auto till = make_identity("till 3", &authority);
  const auto other = make_identity("till 3", &stranger);
  for (const int newest : {TLS1_3_VERSION, TLS1_2_VERSION}) {
    echo e(settings_of(ours(), &authority));
    tls_options with;
    with.newest = newest;
    with.shown = &till;
    tls_client known(e.port(), with);
    BOOST_TEST(known.send(get).answer().body == "GET  secure CN=till 3,O=Reprise");
    with.shown = &other;
    tls_client unknown(e.port(), with);
    BOOST_TEST(unknown.send(get).answer().status == 0u);
    BOOST_TEST(unknown.failure() != "");
    with.shown = nullptr;
    tls_client none(e.port(), with);
    BOOST_TEST(none.send(get).answer().status == 0u);
    BOOST_TEST(none.failure() != "");
    BOOST_TEST(e.requests == 1);
  }
}

BOOST_AUTO_TEST_CASE(files_that_do_not_fit_are_named) {
  const scratch_folder f;
  const auto other = make_identity("other");
  const auto cert = write_certificate(ours(), f.at("cert")), key = write_key(ours(), f.at("key"));
  const auto says = [](const tls_files& files) {
    const auto read = read_tls(files);
    return read ? std::string() : read.error().text;
  };
  BOOST_TEST(says({cert, key, ""}) == "");
  BOOST_TEST(contains(says({f.at("none"), key, ""}),
                      "the certificate " + f.at("none") + " cannot be used: No such file"));
  BOOST_TEST(contains(says({cert, f.at("none"), ""}), "the private key " + f.at("none")));
  BOOST_TEST(contains(says({key, key, ""}), "the certificate " + key));
  BOOST_TEST(contains(says({cert, write_key(other, f.at("other")), ""}), "key values mismatch"));
  BOOST_TEST(contains(says({cert, write_locked_key(ours(), f.at("locked")), ""}),
                      "the private key " + f.at("locked")));
  BOOST_TEST(contains(says({cert, key, f.at("none")}), "the file of client CAs"));
}

BOOST_AUTO_TEST_SUITE_END()
