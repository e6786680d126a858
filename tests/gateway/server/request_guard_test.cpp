#include <string>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "gateway/server/request_guard.hpp"

namespace {

using namespace reprise::gateway;
using namespace std::string_literals;
namespace data = boost::unit_test::data;

struct row {
  std::string what;
  unsigned status;
  std::string head;
};
std::ostream& operator<<(std::ostream& out, const row& r) { return out << r.what; }

std::string post(const std::string& fields) {
  return "POST /a HTTP/1.1\r\nHost: x\r\n" + fields + "\r\n";
}
std::string get(const std::string& target) {
  return "GET " + target + " HTTP/1.1\r\nHost: x\r\n\r\n";
}

const row rows[] = {
    // Accepted.
    {"plain", 0, get("/a/b?c=d")},
    {"length", 0, post("Content-Length: 5\r\n")},
    {"chunked", 0, post("Transfer-Encoding: chunked\r\n")},
    {"chunked in capitals", 0, post("transfer-encoding:CHUNKED \r\n")},
    {"length of nothing on GET", 0, "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n"},
    {"1.0 without Host", 0, "GET / HTTP/1.0\r\n\r\n"},
    {"Host with port", 0, "GET / HTTP/1.1\r\nHost: [::1]:7071\r\n\r\n"},
    {"expects to continue", 0, post("Content-Length: 5\r\nExpect: 100-Continue\r\n")},
    {"upgrade is ignored", 0, post("Upgrade: h2c\r\nConnection: Upgrade\r\n")},
    {"list of connection options", 0, post("Connection: ,, close ,\tx\r\n")},
    {"no connection options", 0, post("Connection:\r\n")},
    {"text beyond ASCII in a value", 0, post("X-Name: \xc3\xa9\r\n")},
    {"longest URL", 0, get("/" + std::string(limits().target - 1, 'a'))},
    {"100 fields", 0,
     [] {
       std::string fields;
       for (int i = 1; i < 100; ++i) fields += "A: b\r\n";
       return post(fields);
     }()},
    // Framing in two ways.
    {"gzip only", 400, post("Transfer-Encoding: gzip\r\n")},
    {"gzip and length", 400, post("Transfer-Encoding: gzip\r\nContent-Length: 5\r\n")},
    {"chunked after gzip", 400, post("Transfer-Encoding: gzip, chunked\r\n")},
    {"chunked before another", 400, post("Transfer-Encoding: chunked, x\r\n")},
    {"chunked twice in a list", 400, post("Transfer-Encoding: chunked, chunked\r\n")},
    {"chunked twice", 400, post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n")},
    {"chunked, then identity", 400,
     post("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n")},
    {"coding without value", 400, post("Transfer-Encoding:\r\n")},
    {"coding in quotes", 400, post("Transfer-Encoding: \"chunked\"\r\n")},
    {"coding with a vertical tab", 400,
     post("Transfer-Encoding: \x0b"
          "chunked\r\n")},
    {"chunked and length", 400, post("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n")},
    {"length and chunked", 400, post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n")},
    {"chunked in 1.0", 400, "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"},
    {"two lengths", 400, post("Content-Length: 5\r\nContent-Length: 6\r\n")},
    {"same length twice", 400, post("Content-Length: 5\r\nContent-Length: 5\r\n")},
    {"list of lengths", 400, post("Content-Length: 1, 1\r\n")},
    {"signed length", 400, post("Content-Length: +5\r\n")},
    {"negative length", 400, post("Content-Length: -5\r\n")},
    {"hexadecimal length", 400, post("Content-Length: 0x5\r\n")},
    {"length without digits", 400, post("Content-Length: \r\n")},
    {"length with a space inside", 400, post("Content-Length: 1 0\r\n")},
    {"length beyond 64 bits", 413, post("Content-Length: 99999999999999999999\r\n")},
    {"length beyond the limit", 413, post("Content-Length: 1048577\r\n")},
    {"body on GET", 400, "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\n"},
    {"chunked body on DELETE", 400,
     "DELETE / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"},
    // Lines.
    {"fold", 400, post("A: b\r\n c\r\n")},
    {"fold with a tab", 400, post("Transfer-Encoding:\r\n\tchunked\r\n")},
    {"fold before the first field", 400, "GET / HTTP/1.1\r\n Host: x\r\n\r\n"},
    {"space before the colon", 400, post("Content-Length : 5\r\n")},
    {"no colon", 400, post("Content-Length\r\n")},
    {"empty name", 400, post(": 5\r\n")},
    {"name with a space", 400, post("Content Length: 5\r\n")},
    {"bare LF", 400, post("A: b\nContent-Length: 5\r\n")},
    {"bare CR", 400, post("A: b\rContent-Length: 5\r\n")},
    {"NUL", 400, post("A: b\0c\r\n"s)},
    {"delete character", 400, post("A: b\x7f\r\n")},
    {"empty line first", 400, "\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n"},
    // Request line.
    {"two spaces", 400, "GET  / HTTP/1.1\r\nHost: x\r\n\r\n"},
    {"space at its end", 400, "GET / HTTP/1.1 \r\nHost: x\r\n\r\n"},
    {"tab between", 400, "GET\t/\tHTTP/1.1\r\nHost: x\r\n\r\n"},
    {"no version", 400, "GET /\r\nHost: x\r\n\r\n"},
    {"small letters", 400, "GET / http/1.1\r\nHost: x\r\n\r\n"},
    {"HTTP/1.2", 505, "GET / HTTP/1.2\r\nHost: x\r\n\r\n"},
    {"HTTP/2 preface", 505, "PRI * HTTP/2.0\r\n\r\n"},
    {"HTTP/1.10", 400, "GET / HTTP/1.10\r\nHost: x\r\n\r\n"},
    {"URL", 0, get("http://x/a?b=c")},
    {"URL of another scheme's name", 0, get("hTTpS://X/a")},
    {"URL without a path", 0, get("http://x")},
    {"URL with a port", 0, "GET http://x:80/ HTTP/1.1\r\nHost: x:80\r\n\r\n"},
    {"URL in 1.0 without Host", 0, "GET http://x/ HTTP/1.0\r\n\r\n"},
    {"longest URL with a host", 0, get("http://x/" + std::string(limits().target - 9, 'a'))},
    {"URL of another host", 400, get("http://other/")},
    {"URL of another port", 400, get("http://x:80/")},
    {"URL of another host in 1.0", 400, "GET http://y/ HTTP/1.0\r\nHost: x\r\n\r\n"},
    {"URL without Host", 400, "GET http://x/ HTTP/1.1\r\n\r\n"},
    {"URL and an empty Host", 400, "GET http://x/ HTTP/1.1\r\nHost:\r\n\r\n"},
    {"URL without a host", 400, get("http:///a")},
    {"URL with one slash", 400, get("http:/x/a")},
    {"URL with a user", 400, get("http://u@x/a")},
    {"URL with a user like a host", 400, get("http://x@y/a")},
    {"URL with a backslash", 400, get("http://x\\y/a")},
    {"URL with an encoded host", 400, get("http://%78/a")},
    {"URL with a query for a path", 400, get("http://x?a/b")},
    {"URL with a bad port", 400, "GET http://x:y/ HTTP/1.1\r\nHost: x:y\r\n\r\n"},
    {"URL of another protocol", 400, get("ftp://x/a")},
    {"URL with a fragment", 400, get("http://x/a#b")},
    {"URL with a space", 400, get("http://x/ http://y/")},
    {"two URLs", 0, get("http://x/http://y/")},
    {"authority form", 400, get("other:80")},
    {"asterisk", 400, get("*")},
    {"fragment", 400, get("/a#b")},
    {"space in the target", 400, get("/a b")},
    {"raw UTF-8 in the target", 400, get("/\xc3\xa9")},
    {"control in the target", 400, get("/\x01")},
    {"URL too long", 414, get("/" + std::string(limits().target, 'a'))},
    {"HEAD", 0, "HEAD / HTTP/1.1\r\nHost: x\r\n\r\n"},
    {"HEAD with a body", 400, "HEAD / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\n"},
    {"OPTIONS *", 0, "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n"},
    {"OPTIONS with a body", 400,
     "OPTIONS * HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"},
    {"OPTIONS of two stars", 400, "OPTIONS ** HTTP/1.1\r\nHost: x\r\n\r\n"},
    {"PATCH", 0, "PATCH / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\n"},
    {"TRACE", 405, "TRACE / HTTP/1.1\r\nHost: x\r\n\r\n"},
    {"CONNECT", 405, "CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n"},
    {"unknown method", 501, "BREW / HTTP/1.1\r\nHost: x\r\n\r\n"},
    {"small method", 501, "get / HTTP/1.1\r\nHost: x\r\n\r\n"},
    {"method with a slash", 400, "GE/T / HTTP/1.1\r\nHost: x\r\n\r\n"},
    // Host and the rest.
    {"no Host", 400, "GET / HTTP/1.1\r\n\r\n"},
    {"two Hosts", 400, "GET / HTTP/1.1\r\nHost: x\r\nHost: x\r\n\r\n"},
    {"two Hosts in 1.0", 400, "GET / HTTP/1.0\r\nHost: x\r\nHost: y\r\n\r\n"},
    {"empty Host", 400, "GET / HTTP/1.1\r\nHost:\r\n\r\n"},
    {"Host with the highest port", 0, "GET / HTTP/1.1\r\nHost: x:65535\r\n\r\n"},
    {"Host with a higher port", 400, "GET / HTTP/1.1\r\nHost: x:65536\r\n\r\n"},
    {"Host with a very high port", 400, "GET / HTTP/1.1\r\nHost: x:4294967297\r\n\r\n"},
    {"Host with an empty port", 400, "GET / HTTP/1.1\r\nHost: x:\r\n\r\n"},
    {"Host with a name for a port", 400, "GET / HTTP/1.1\r\nHost: x:http\r\n\r\n"},
    {"Host with two ports", 400, "GET / HTTP/1.1\r\nHost: x:1:2\r\n\r\n"},
    {"Host of a port alone", 400, "GET / HTTP/1.1\r\nHost: :80\r\n\r\n"},
    {"Host with a list", 400, "GET / HTTP/1.1\r\nHost: x, y\r\n\r\n"},
    {"Host that is an open bracket", 400, "GET / HTTP/1.1\r\nHost: [::1\r\n\r\n"},
    {"Host of empty brackets", 400, "GET / HTTP/1.1\r\nHost: []\r\n\r\n"},
    {"Host with user", 400, "GET / HTTP/1.1\r\nHost: a@b\r\n\r\n"},
    {"Host with a path", 400, "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"},
    {"connection option with a space", 400, post("Connection: keep alive\r\n")},
    {"connection option in quotes", 400, post("Connection: \"close\"\r\n")},
    {"second connection option in quotes", 400,
     post("Connection: close\r\nConnection: a, \"b\"\r\n")},
    {"proxy's connection option in quotes", 400, post("Proxy-Connection: \"close\"\r\n")},
    {"other expectation", 417, post("Expect: tea\r\n")},
    {"two idempotency keys", 400, post("Idempotency-Key: a\r\nidempotency-key: b\r\n")},
    {"101 fields", 431,
     [] {
       std::string fields;
       for (int i = 1; i < 101; ++i) fields += "A: b\r\n";
       return post(fields);
     }()},
    {"header too large", 431, post("A: " + std::string(limits().head, 'b') + "\r\n")},
};

head_end::state state_of(const std::string& buffer) { return find_head_end(buffer, 0).what; }

}  // namespace

BOOST_AUTO_TEST_SUITE(request_guard)

BOOST_DATA_TEST_CASE(a_head_with_one_meaning_passes_and_no_other, data::make(rows), one) {
  request_head head;
  const auto verdict = guard_request(one.head, {}, head);
  BOOST_TEST(verdict.status == one.status,
             one.what << ": " << verdict.status << " " << verdict.why);
}

BOOST_AUTO_TEST_CASE(the_guard_gives_the_parts_of_a_head) {
  request_head head;
  const std::string bytes =
      "POST /a?b=c HTTP/1.1\r\nhost: localhost:7071\r\nContent-Length: 12\r\nX-Empty:\r\n"
      "content-type: \t application/json \t\r\nConnection: x , CLOSE\r\nExpect: "
      "100-continue\r\n\r\n";
  BOOST_TEST_REQUIRE(guard_request(bytes, {}, head).status == 0u);
  BOOST_TEST(head.method == "POST");
  BOOST_TEST(head.target == "/a?b=c");
  BOOST_TEST(head.host == "localhost:7071");
  BOOST_TEST(head.length.value() == 12u);
  BOOST_TEST(!head.chunked);
  BOOST_TEST(!head.keep_alive);
  BOOST_TEST(head.expects_continue);
  BOOST_TEST(head.find("Content-TYPE") == "application/json");
  BOOST_TEST(head.find("x-empty") == "");
  BOOST_TEST(head.find("x-none") == "");
}

BOOST_AUTO_TEST_CASE(the_path_and_query_of_an_absolute_url_are_the_target) {
  request_head head;
  const std::string url =
      "GET http://localhost:7071/a?b=c HTTP/1.1\r\nhost: LOCALHOST:7071\r\n\r\n";
  BOOST_TEST_REQUIRE(guard_request(url, {}, head).status == 0u);
  BOOST_TEST(head.target == "/a?b=c");
  BOOST_TEST(head.host == "LOCALHOST:7071");
  BOOST_TEST_REQUIRE(guard_request("GET http://x HTTP/1.0\r\n\r\n", {}, head).status == 0u);
  BOOST_TEST(head.target == "/");
  BOOST_TEST(head.host == "x");
}

BOOST_AUTO_TEST_CASE(http_1_0_closes_unless_it_asks_to_stay) {
  request_head head;
  BOOST_TEST_REQUIRE(guard_request("GET / HTTP/1.0\r\n\r\n", {}, head).status == 0u);
  BOOST_TEST(!head.keep_alive);
  BOOST_TEST_REQUIRE(
      guard_request("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", {}, head).status == 0u);
  BOOST_TEST(head.keep_alive);
  BOOST_TEST(head.says_keep_alive);
}

// All fields of that name are one list, and `close` is the last word.
BOOST_AUTO_TEST_CASE(a_connection_field_with_close_ends_the_connection) {
  for (const auto* version : {"HTTP/1.1", "HTTP/1.0"})
    for (const auto* fields :
         {"Connection: x\r\nConnection: close\r\n",
          "Connection: keep-alive\r\nConnection: Close\r\n", "Connection:\r\nConnection: close\r\n",
          "Connection: close\r\nConnection: keep-alive\r\n", "Connection: keep-alive, close\r\n",
          "Connection: close, keep-alive\r\n"}) {
      request_head head;
      const auto bytes = "GET / " + std::string(version) + "\r\nHost: x\r\n" + fields + "\r\n";
      BOOST_TEST_REQUIRE(guard_request(bytes, {}, head).status == 0u, bytes);
      BOOST_TEST(!head.keep_alive, bytes);
    }
}

BOOST_AUTO_TEST_CASE(the_end_of_a_head_is_found_wherever_the_bytes_are_cut) {
  const std::string head = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
  const std::string buffer = head + "GET /next";
  std::size_t looked = 0;
  for (std::size_t size = 0; size < head.size(); ++size) {
    const auto end = find_head_end(std::string_view(buffer).substr(0, size), looked);
    BOOST_TEST_REQUIRE((end.what == head_end::state::needs_more));
    looked = end.size;
  }
  const auto end = find_head_end(buffer, looked);
  BOOST_TEST_REQUIRE((end.what == head_end::state::complete));
  BOOST_TEST(end.size == head.size());
}

BOOST_AUTO_TEST_CASE(bytes_that_cannot_become_a_head_are_broken_at_once) {
  using state = head_end::state;
  BOOST_TEST((state_of("GET / HTTP/1.1\n") == state::broken));
  BOOST_TEST((state_of("\n") == state::broken));
  BOOST_TEST((state_of("\r\n") == state::broken));
  BOOST_TEST((state_of("\x16\x03\x01") == state::broken));  // TLS
  BOOST_TEST((state_of(" GET") == state::broken));
  BOOST_TEST((state_of("GET / HTTP/1.1\r\nA: b\n\r\n") == state::broken));
}

BOOST_AUTO_TEST_SUITE_END()
