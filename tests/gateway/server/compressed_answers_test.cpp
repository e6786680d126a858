#include <string>
#include <utility>

#include <boost/test/unit_test.hpp>

#include "gateway/wire/entity_tag.hpp"
#include "tests/gateway/server/inflated.hpp"
#include "tests/gateway/v1/five_instances.hpp"

namespace {

using namespace reprise::gateway_test;

constexpr reprise::actor<std::string> pages{"page"};
constexpr reprise::operation<std::string, std::string, reprise::none> keep{pages, "keep"};

struct page {
  reprise::state<std::string> text;

  reprise::result<reprise::none> keep(std::string words) {
    text.edit() = std::move(words);
    return reprise::none();
  }
};

// Asks as who takes gzip: the bytes that come, not what they mean.
raw_answer packed(const served& s, const std::string& target, const std::string& fields = "") {
  return raw_client(s.port())
      .send("GET " + target + " HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\n" + fields +
            "\r\n")
      .answer();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(compressed_answers)

BOOST_AUTO_TEST_CASE(a_large_answer_is_compressed_for_a_client_that_accepts_gzip) {
  served s;
  const auto input = "{\"n\":\"" + std::string(5'000, 'x') + "\"}";
  s.post_json("/v1/orchestrations/echo?id=a", input, "Prefer: wait=60\r\n");
  const auto plain = s.ask("GET", "/v1/instances/a");
  BOOST_TEST(plain.field("Content-Encoding") == "");
  BOOST_TEST(plain.field("Vary") == "Accept-Encoding");
  const auto answer = packed(s, "/v1/instances/a");
  BOOST_TEST(answer.field("Content-Encoding") == "gzip");
  BOOST_TEST(answer.field("Vary") == "Accept-Encoding");
  BOOST_TEST(answer.body.size() < 1'000u);
  BOOST_TEST(inflated(answer.body) == plain.body);
}

BOOST_AUTO_TEST_CASE(a_small_answer_and_a_stream_stay_as_they_are) {
  five_instances s;
  const auto small = packed(s, "/v1/version");
  BOOST_TEST(small.field("Content-Encoding") == "");
  BOOST_TEST(small.field("Vary") == "");
  raw_client stream(s.port());
  stream.send(
      "GET /v1/instances/b-1/events HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\n\r\n");
  BOOST_TEST(stream.until("\r\n\r\n").find("Content-Encoding") == std::string::npos);
  BOOST_TEST(stream.until("\n\n") == "retry: 2000\n\n");
}

// RFC 9110, 8.8.1: a strong tag names bytes, and these are others. It must be strong for If-Match.
BOOST_AUTO_TEST_CASE(the_entity_tag_of_a_compressed_answer_differs_and_is_recognized) {
  reprise::application app;
  app.bind(keep, &page::keep);
  served s(std::move(app));
  const std::string at = "/v1/actors/page/one";
  BOOST_TEST(s.post_json(at + "/keep", '"' + std::string(5'000, 'x') + '"').status == 200u);
  const auto plain = s.ask("GET", at);
  const auto answer = packed(s, at);
  BOOST_TEST(answer.field("Content-Encoding") == "gzip");
  BOOST_TEST(answer.field("ETag") == reprise::gateway::gzip_tag(plain.field("ETag")));
  BOOST_TEST(answer.field("ETag") != plain.field("ETag"));
  for (const auto& tag : {answer.field("ETag"), plain.field("ETag")}) {
    const auto same = packed(s, at, "If-None-Match: " + tag + "\r\n");
    BOOST_TEST(same.status == 304u);
    BOOST_TEST(same.field("ETag") == tag);  // so that a cache knows which of the two it is
  }
  const auto kept = [&](const std::string& tag) {
    return s.post_json(at + "/keep", "\"y\"", "If-Match: " + tag + "\r\n").status;
  };
  BOOST_TEST(kept("W/" + plain.field("ETag")) == 412u);
  BOOST_TEST(kept(answer.field("ETag")) == 200u);
  BOOST_TEST(kept(answer.field("ETag")) == 412u);
}

BOOST_AUTO_TEST_SUITE_END()
