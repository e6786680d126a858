#include <fcntl.h>
#include <pthread.h>
#include <sys/resource.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <mutex>
#include <string>
#include <thread>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "gateway/server/server.hpp"
#include "tests/gateway/server/raw_client.hpp"

namespace {

using namespace reprise;
using namespace reprise::gateway;
using namespace reprise::gateway_test;
using namespace std::chrono_literals;
namespace data = boost::unit_test::data;

// A server whose handler answers with the body it got, and counts.
struct echo {
  explicit echo(limits allowed = {}, unsigned threads = 1) {
    server_options options;
    options.limits = allowed;
    options.threads = threads;
    auto opened = server::open(options, [this](http_request in, reply answer) {
      ++requests;
      answer({200, "text/plain", in.method + " " + in.target + " " + in.body, {}});
    });
    BOOST_TEST_REQUIRE(!!opened);
    serving = std::move(*opened);
  }
  std::uint16_t port() const { return serving->port(); }

  std::atomic<int> requests = 0;
  std::unique_ptr<server> serving;
};

std::string post(const std::string& fields, const std::string& body) {
  return "POST /a HTTP/1.1\r\nHost: x\r\n" + fields + "\r\n" + body;
}

struct row {
  std::string what;
  unsigned status;
  std::string bytes;
};
std::ostream& operator<<(std::ostream& out, const row& r) { return out << r.what; }

// Each is followed by bytes that would be a second request if the first were read in another way.
const std::string smuggled = "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n";
const row smuggling[] = {
    {"coding and length", 400,
     post("Transfer-Encoding: chunked\r\nContent-Length: 4\r\n", "0\r\n\r\n")},
    {"length and coding", 400,
     post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n")},
    {"unknown coding", 400, post("Transfer-Encoding: gzip\r\n", "")},
    {"unknown coding and length", 400,
     post("Transfer-Encoding: gzip\r\nContent-Length: 0\r\n", "")},
    {"list with chunked", 400, post("Transfer-Encoding: chunked, x\r\n", "0\r\n\r\n")},
    {"coding with a space before the colon", 400,
     post("Transfer-Encoding : chunked\r\n", "0\r\n\r\n")},
    {"folded coding", 400, post("Transfer-Encoding:\r\n chunked\r\n", "0\r\n\r\n")},
    {"coding in 1.0", 400,
     "POST /a HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
    {"list of lengths", 400, post("Content-Length: 0, 0\r\n", "")},
    {"two lengths", 400, post("Content-Length: 0\r\nContent-Length: 35\r\n", "")},
    {"body on GET", 400, "GET /a HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc"},
    {"no Host", 400, "GET /a HTTP/1.1\r\n\r\n"},
    {"two Hosts", 400, "GET /a HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n"},
    {"absolute form", 400, "GET http://y/a HTTP/1.1\r\nHost: x\r\n\r\n"},
    {"raw UTF-8", 400, "GET /\xc3\xa9 HTTP/1.1\r\nHost: x\r\n\r\n"},
    {"bare LF", 400, "GET /a HTTP/1.1\nHost: x\n\n"},
    {"connection option in quotes", 400, "GET /a HTTP/1.1\r\nHost: x\r\nConnection: \"a\"\r\n\r\n"},
    {"bad chunk size", 400, post("Transfer-Encoding: chunked\r\n", "zz\r\n\r\n")},
    {"negative chunk size", 400, post("Transfer-Encoding: chunked\r\n", "-1\r\n\r\n")},
    {"chunk size beyond 64 bits", 400,
     post("Transfer-Encoding: chunked\r\n", "10000000000000000\r\n\r\n")},
    {"chunk without its CRLF", 400,
     post("Transfer-Encoding: chunked\r\n", "3\r\nabcd\r\n0\r\n\r\n")},
    {"long chunk extension", 400,
     post("Transfer-Encoding: chunked\r\n",
          "1;a=" + std::string(2000, 'b') + "\r\nx\r\n0\r\n\r\n")},
    {"very long chunk extension", 400,
     post("Transfer-Encoding: chunked\r\n",
          "1;a=" + std::string(100'000, 'b') + "\r\nx\r\n0\r\n\r\n")},
    {"length in a trailer", 400,
     post("Transfer-Encoding: chunked\r\n", "0\r\nContent-Length: 35\r\n\r\n")},
    {"TLS", 400, "\x16\x03\x01\x02"},
    {"HTTP/2", 505, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"},
    {"other version", 505, "GET / HTTP/1.2\r\nHost: x\r\n\r\n"},
    {"other method", 405, "TRACE / HTTP/1.1\r\nHost: x\r\n\r\n"},
    {"URL with a user", 400, "GET http://x@y/a HTTP/1.1\r\nHost: x\r\n\r\n"},
    {"URL of another port", 400, "GET http://x:1/a HTTP/1.1\r\nHost: x\r\n\r\n"},
    {"port that is a name", 400, "GET /a HTTP/1.1\r\nHost: x:y\r\n\r\n"},
    {"other expectation", 417, post("Expect: tea\r\nContent-Length: 0\r\n", "")},
    {"long URL", 414, "GET /" + std::string(5000, 'a') + " HTTP/1.1\r\nHost: x\r\n\r\n"},
    {"large header", 431, post("A: " + std::string(20'000, 'b') + "\r\n", "")},
    {"endless header", 431, "GET / HTTP/1.1\r\nHost: x\r\nA: " + std::string(30'000, 'b')},
    {"large body by length", 413, post("Content-Length: 1048577\r\n", std::string(1048577, 'x'))},
    {"large body in chunks", 413,
     post("Transfer-Encoding: chunked\r\n",
          [] {
            std::string chunks;
            for (int i = 0; i < 20; ++i) chunks += "10000\r\n" + std::string(65536, 'x') + "\r\n";
            return chunks + "0\r\n\r\n";
          }())},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(http_server)

BOOST_DATA_TEST_CASE(a_request_with_two_meanings_gets_one_answer_and_is_closed,
                     data::make(smuggling), one) {
  echo e;
  const auto answers = raw_client(e.port()).send(one.bytes).send(smuggled).end().rest();
  BOOST_TEST_REQUIRE(answers.size() == 1u, one.what << ": " << answers.size() << " answers");
  BOOST_TEST(answers[0].status == one.status);
  BOOST_TEST(answers[0].field("Connection") == "close");
  BOOST_TEST(answers[0].field("Content-Type") == "application/problem+json");
  BOOST_TEST(e.requests == 0);
}

BOOST_AUTO_TEST_CASE(requests_sent_at_once_are_answered_one_each_in_order) {
  echo e;
  std::string bytes;
  for (int i = 0; i < 100; ++i) {
    bytes += "POST /" + std::to_string(i) + " HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nab";
    bytes +=
        "POST /" + std::to_string(i) + " HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
    bytes += "1\r\nc\r\n2;x=y\r\nde\r\n0\r\nX-Trailer: 1\r\n\r\n";
  }
  const auto answers = raw_client(e.port()).send(bytes).end().rest();
  BOOST_TEST_REQUIRE(answers.size() == 200u);
  for (std::size_t i = 0; i < 200; ++i)
    BOOST_TEST(answers[i].body == "POST /" + std::to_string(i / 2) + (i % 2 == 0 ? " ab" : " cde"));
}

BOOST_AUTO_TEST_CASE(a_request_sent_byte_by_byte_is_read) {
  echo e;
  raw_client client(e.port());
  const std::string bytes = post("Content-Length: 3\r\n", "abc");
  for (const char c : bytes) client.send(std::string_view(&c, 1));
  BOOST_TEST(client.answer().body == "POST /a abc");
}

// Larger than what is read at once, with the next request right behind it.
BOOST_AUTO_TEST_CASE(a_body_ends_where_its_length_says) {
  echo server;
  raw_client client(server.port());
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{300'000}}) {
    const std::string body(size, 'x');
    client.send(post("Content-Length: " + std::to_string(size) + "\r\n", body) +
                "GET /next HTTP/1.1\r\nHost: x\r\n\r\n");
    BOOST_TEST((client.answer().body == "POST /a " + body));
    BOOST_TEST(client.answer().body == "GET /next ");
  }
}

// Beast's own reading of an empty one ended the process at `0`, a line's end, and one byte more.
BOOST_AUTO_TEST_CASE(a_chunked_body_sent_byte_by_byte_is_read) {
  echo server;
  for (int round = 0; round < 20; ++round)
    for (const std::string text : {"", "abc"}) {
      raw_client client(server.port());
      client.send(post("Transfer-Encoding: chunked\r\n", ""));
      const auto chunk = text.empty() ? "" : "3\r\n" + text + "\r\n";
      for (const char c : chunk + "0\r\n\r\n") client.send(std::string(1, c));
      const auto answer = client.answer();
      BOOST_TEST_REQUIRE(answer.status == 200u);
      BOOST_TEST(answer.body == "POST /a " + text);
    }
}

BOOST_AUTO_TEST_CASE(a_chunk_whose_line_never_ends_is_refused) {
  echo server;
  raw_client client(server.port());
  client.send(post("Transfer-Encoding: chunked\r\n", "3;" + std::string(90u << 10, 'x')));
  BOOST_TEST(client.answer().status == 400u);
  BOOST_TEST(client.closed());
}

BOOST_AUTO_TEST_CASE(an_expectation_is_met_before_the_body_is_sent) {
  echo e;
  raw_client client(e.port());
  client.send(post("Content-Length: 3\r\nExpect: 100-continue\r\n", ""));
  BOOST_TEST(client.answer().status == 100u);
  BOOST_TEST(client.send("abc").answer().body == "POST /a abc");
}

BOOST_AUTO_TEST_CASE(a_connection_is_kept_until_the_client_says_close) {
  echo e;
  raw_client client(e.port());
  BOOST_TEST(client.send("GET /1 HTTP/1.1\r\nHost: x\r\n\r\n").answer().field("Connection") == "");
  const auto last = client.send("GET /2 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").answer();
  BOOST_TEST(last.field("Connection") == "close");
  BOOST_TEST(client.closed());
}

BOOST_AUTO_TEST_CASE(a_header_that_never_ends_meets_its_deadline) {
  limits allowed;
  allowed.head_deadline = 20ms;
  echo e(allowed);
  raw_client client(e.port());
  const auto answer = client.send("GET / HTTP/1.1\r\nHost:").answer();
  BOOST_TEST(answer.status == 408u);
  BOOST_TEST(client.closed());
}

BOOST_AUTO_TEST_CASE(a_header_dripped_by_bytes_meets_the_same_deadline) {
  limits allowed;
  allowed.head_deadline = 50ms;
  allowed.head = 64u << 20;  // so large that only the deadline can end it
  echo e(allowed);
  raw_client client(e.port());
  // Each byte comes in time; together they do not. The loop ends when the server has closed.
  client.send("GET / HTTP/1.1\r\nX: ");
  std::vector<raw_answer> answers;
  std::thread reader([&] { answers = client.rest(); });
  std::atomic<bool> over = false;
  std::thread dripper([&] {
    while (!over) client.send("a"), std::this_thread::yield();
  });
  reader.join();
  over = true;
  dripper.join();
  BOOST_TEST_REQUIRE(answers.size() == 1u);
  BOOST_TEST(answers[0].status == 408u);
}

BOOST_AUTO_TEST_CASE(a_body_that_never_ends_meets_its_deadline) {
  limits allowed;
  allowed.body_deadline = 20ms;
  echo e(allowed);
  raw_client client(e.port());
  BOOST_TEST(client.send(post("Content-Length: 3\r\n", "ab")).answer().status == 408u);
  BOOST_TEST(client.closed());
}

BOOST_AUTO_TEST_CASE(an_idle_connection_is_closed_without_a_word) {
  limits allowed;
  allowed.idle_deadline = 20ms;
  echo e(allowed);
  raw_client client(e.port());
  BOOST_TEST(client.closed());
}

BOOST_AUTO_TEST_CASE(a_peer_that_leaves_in_the_middle_leaves_nothing_behind) {
  echo e;
  raw_client(e.port()).send("GET / HT");
  raw_client(e.port()).send(post("Content-Length: 3\r\n", "a"));
  raw_client(e.port()).send(post("Transfer-Encoding: chunked\r\n", "5\r\na"));
  // A whole request_context after them; then drain waits until every connection has ended.
  BOOST_TEST(ask(e.port(), "GET", "/").status == 200u);
  e.serving->drain(10s);
  BOOST_TEST(e.serving->connections() == 0u);
  BOOST_TEST(e.requests == 1);
}

BOOST_AUTO_TEST_CASE(connections_beyond_the_limit_are_told_so) {
  limits allowed;
  allowed.connections = 2;
  echo e(allowed);
  raw_client first(e.port()), second(e.port());
  BOOST_TEST(first.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n").answer().status == 200u);
  BOOST_TEST(second.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n").answer().status == 200u);
  raw_client third(e.port());
  BOOST_TEST(third.answer().status == 503u);
  BOOST_TEST(third.closed());
}

// A socket of all addresses shows 127.0.0.1 as ::ffff:127.0.0.1.
BOOST_AUTO_TEST_CASE(a_client_by_ipv4_on_a_dual_stack_socket_shows_its_ipv4_address) {
  server_options options;
  options.host = "::";
  options.limits.connections_per_address = 1;
  std::string peer;
  const auto opened = server::open(options, [&](http_request in, reply answer) {
    peer = in.from->peer;
    answer({200, "text/plain", "", {}});
  });
  BOOST_TEST_REQUIRE(!!opened);
  raw_client first((*opened)->port()), second((*opened)->port());
  for (auto* one : {&first, &second})
    BOOST_TEST(one->send("GET / HTTP/1.1\r\nHost: x\r\n\r\n").answer().status == 200u);
  BOOST_TEST(peer == "127.0.0.1");
}

BOOST_AUTO_TEST_CASE(running_out_of_descriptors_does_not_end_the_server) {
  echo e;
  raw_client before(e.port());
  BOOST_TEST(before.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n").answer().status == 200u);
  rlimit old{};
  ::getrlimit(RLIMIT_NOFILE, &old);
  // Leave room for exactly one more descriptor: the client's own end.
  const int highest = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  ::close(highest);
  rlimit tight = old;
  tight.rlim_cur = static_cast<rlim_t>(highest) + 1;
  ::setrlimit(RLIMIT_NOFILE, &tight);
  bool shed = false;
  {
    raw_client refused(e.port());
    shed = refused.closed();
  }
  ::setrlimit(RLIMIT_NOFILE, &old);
  BOOST_TEST(shed);
  BOOST_TEST(ask(e.port(), "GET", "/after").status == 200u);
}

BOOST_AUTO_TEST_CASE(a_port_in_use_is_said_plainly) {
  for (const unsigned theirs : {1u, 2u}) {
    echo e({}, theirs);
    for (const unsigned ours : {1u, 2u}) {
      server_options options;
      options.port = e.port();
      options.threads = ours;
      const auto second = server::open(options, [](http_request, reply) {});
      BOOST_TEST_REQUIRE(!second);
      BOOST_TEST(second.error().text.find("another program serves there") != std::string::npos);
    }
  }
}

BOOST_AUTO_TEST_CASE(several_threads_share_one_port) {
  echo e({}, 3);
  for (int i = 0; i < 50; ++i) BOOST_TEST_REQUIRE(ask(e.port(), "GET", "/").status == 200u);
}

BOOST_AUTO_TEST_CASE(a_handler_that_answers_later_from_another_thread_is_heard) {
  std::thread later;
  auto serving = server::open({}, [&](http_request in, reply answer) {
    later = std::thread([answer, in] { answer({200, "text/plain", in.target, {}}); });
  });
  BOOST_TEST_REQUIRE(!!serving);
  BOOST_TEST(ask((*serving)->port(), "GET", "/x").body == "/x");
  later.join();
}

BOOST_AUTO_TEST_CASE(a_handler_that_drops_its_reply_or_throws_answers_500) {
  auto serving = server::open({}, [&](http_request in, reply) {
    if (in.target == "/throw") throw std::runtime_error("oh");
  });
  BOOST_TEST_REQUIRE(!!serving);
  BOOST_TEST(ask((*serving)->port(), "GET", "/drop").status == 500u);
  BOOST_TEST(ask((*serving)->port(), "GET", "/throw").status == 500u);
}

BOOST_AUTO_TEST_CASE(the_first_answer_of_a_handler_counts_and_a_timer_may_give_it) {
  auto serving = server::open({}, [&](http_request in, reply answer) {
    if (in.target == "/late") {
      answer.call_after(1ms, [answer] { answer({204, "", "", {}}); });
    } else {
      answer.call_after(1h, [answer] { answer({204, "", "", {}}); });
      answer({200, "", "", {}});
      answer({201, "", "", {}});
    }
  });
  BOOST_TEST_REQUIRE(!!serving);
  BOOST_TEST(ask((*serving)->port(), "GET", "/late").status == 204u);
  BOOST_TEST(ask((*serving)->port(), "GET", "/early").status == 200u);
}

BOOST_AUTO_TEST_CASE(draining_answers_what_is_in_flight_and_closes_the_rest) {
  std::mutex lock;
  std::vector<reply> waiting;
  std::atomic<int> taken = 0;
  auto serving = server::open({}, [&](http_request, reply answer) {
    const std::lock_guard hold(lock);
    waiting.push_back(std::move(answer));
    ++taken;
    taken.notify_all();
  });
  BOOST_TEST_REQUIRE(!!serving);
  raw_client busy((*serving)->port()), idle((*serving)->port());
  busy.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  taken.wait(0);
  std::thread drain([&] { (*serving)->drain(60s); });
  BOOST_TEST(idle.closed());
  {
    const std::lock_guard hold(lock);
    waiting.front()({200, "text/plain", "done", {}});
  }
  const auto answer = busy.answer();
  BOOST_TEST(answer.body == "done");
  BOOST_TEST(answer.field("Connection") == "close");
  BOOST_TEST(busy.closed());
  drain.join();
}

BOOST_AUTO_TEST_CASE(threads_of_the_server_have_a_name) {
  auto serving = server::open({}, [](http_request, reply answer) {
    char name[16] = {};
    ::pthread_getname_np(::pthread_self(), name, sizeof name);
    answer({200, "text/plain", name, {}});
  });
  BOOST_TEST_REQUIRE(!!serving);
  BOOST_TEST(ask((*serving)->port(), "GET", "/").body == "gateway");
}

BOOST_AUTO_TEST_CASE(a_server_may_end_while_requests_wait) {
  std::vector<reply> waiting;
  std::atomic<int> taken = 0;
  {
    auto serving = server::open({}, [&](http_request, reply answer) {
      answer.call_after(1h, [answer] { answer({204, "", "", {}}); });
      waiting.push_back(std::move(answer));
      ++taken;
      taken.notify_all();
    });
    BOOST_TEST_REQUIRE(!!serving);
    raw_client client((*serving)->port());
    client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    taken.wait(0);
  }
  waiting.front()({200, "", "", {}});  // nobody hears it; nothing breaks
}

BOOST_AUTO_TEST_SUITE_END()
