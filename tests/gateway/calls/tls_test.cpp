// https: who answers is known by a certificate that is trusted and names the host.

#include <boost/test/unit_test.hpp>

#include "tests/gateway/calls/asking.hpp"
#include "tests/gateway/calls/server.hpp"
#include "tests/gateway/scratch_folder.hpp"
#include "tests/gateway/server/certificates.hpp"

using namespace reprise;
using namespace reprise::http_test;

BOOST_AUTO_TEST_SUITE(tls)

BOOST_AUTO_TEST_CASE(an_answer_counts_only_from_a_server_with_a_certificate_for_its_name) {
  const gateway_test::scratch_folder folder;
  const auto who = gateway_test::make_identity("localhost");
  const auto certificate = gateway_test::write_certificate(who, folder.at("certificate"));
  server there(in_turn({{200, "", "secured"}}), certificate,
               gateway_test::write_key(who, folder.at("key")));
  auto o = of_this_machine();
  o.plain = http::plain_http::refused;

  auto why = refusal_of(http::get("https://" + there.place("localhost") + "/"), o);
  BOOST_TEST((why.why == cause::failed), why.text);  // nobody that is trusted signed it
  BOOST_TEST(why.text.find("certificate") != why.text.npos, why.text);
  o.ca_file = certificate;
  why = refusal_of(http::get("https://" + there.place("127.0.0.1") + "/"), o);
  BOOST_TEST((why.why == cause::failed), why.text);  // it names somebody else
  BOOST_TEST(there.seen().empty());

  const auto answer = answer_to(http::get("https://" + there.place("localhost") + "/"), o);
  BOOST_TEST_REQUIRE(!!answer, said(answer));
  BOOST_TEST(http::body_of(**answer) == "secured");
}

BOOST_AUTO_TEST_SUITE_END()
