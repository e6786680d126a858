#include "gateway/access/url_signer.hpp"

#include <sys/stat.h>

#include <string>

#include <boost/test/unit_test.hpp>

#include "tests/gateway/scratch_folder.hpp"

namespace {

using namespace reprise::gateway;
using namespace std::chrono_literals;
using finding = url_signer::finding;
using reprise::gateway_test::scratch_folder;

const url_signer::clock::time_point noon{std::chrono::seconds(1'800'000'000)};
const url_signer signer(sha256("secret"), 60s);
const reprise::time_point created{std::chrono::seconds(1'799'999'999)};

std::string code_for(std::string_view id) {
  return signer.code_for(id, created, signer.expiry(noon));
}
finding check(std::string_view code, std::string_view id, url_signer::clock::time_point now) {
  return signer.check(code, id, now).what;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(signed_urls)

BOOST_AUTO_TEST_CASE(a_code_opens_its_instance_until_it_expires) {
  const auto code = code_for("order-1");
  BOOST_TEST(url_signer::looks_like_one(code));
  BOOST_TEST((check(code, "order-1", noon) == finding::good));
  BOOST_TEST((check(code, "order-1", noon + 59s) == finding::good));
  BOOST_TEST((check(code, "order-1", noon + 60s) == finding::expired));
  BOOST_TEST((check(code, "order-2", noon) == finding::forged));
  BOOST_TEST((check(code, "", noon) == finding::forged));
  const auto found = signer.check(code, "order-1", noon);
  BOOST_TEST((found.created == created && found.until == signer.expiry(noon)));
}

BOOST_AUTO_TEST_CASE(no_other_text_is_a_code) {
  const auto code = code_for("order-1");
  for (std::size_t at = 0; at < code.size(); ++at) {
    auto other = code;
    other[at] = other[at] == '0' ? '1' : '0';
    BOOST_TEST((check(other, "order-1", noon) == finding::forged));
    BOOST_TEST((check(code.substr(0, at), "order-1", noon) == finding::forged));
  }
  BOOST_TEST((check(code + "0", "order-1", noon) == finding::forged));
  // Another server's, and the same digits with the line between them elsewhere.
  BOOST_TEST(
      (url_signer(sha256("other"), 60s).check(code, "order-1", noon).what == finding::forged));
}

BOOST_AUTO_TEST_CASE(the_secret_is_made_once_and_for_its_owner) {
  const scratch_folder folder;
  const auto path = folder.at("secret");
  const auto first = url_signer::open(path, 60s);
  BOOST_TEST_REQUIRE(bool(first));
  struct stat file {};
  BOOST_TEST(::stat(path.c_str(), &file) == 0);
  BOOST_TEST((file.st_mode & 0777u) == 0600u);
  const auto code = (*first)->code_for("order-1", created, (*first)->expiry(noon));
  const auto again = url_signer::open(path, 60s);
  BOOST_TEST_REQUIRE(bool(again));
  BOOST_TEST(((*again)->check(code, "order-1", noon).what == finding::good));
}

BOOST_AUTO_TEST_CASE(a_file_that_is_no_secret_is_refused_and_kept) {
  const scratch_folder folder;
  const auto path = folder.write("secret", "hello\n");
  const auto refused = url_signer::open(path, 60s);
  BOOST_TEST_REQUIRE(!refused);
  BOOST_TEST(refused.error().text.find(path) != std::string::npos);
  BOOST_TEST(!url_signer::open(folder.at("nowhere/secret"), 60s));
  BOOST_TEST(!url_signer::open(path, 60s));
}

BOOST_AUTO_TEST_SUITE_END()
