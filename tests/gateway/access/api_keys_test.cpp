#include <string>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "gateway/access/api_keys.hpp"
#include "gateway/access/rate_limiter.hpp"

namespace {

using namespace reprise;
using namespace reprise::gateway;
namespace data = boost::unit_test::data;

// SHA-256 of "abc" (FIPS 180-2) and of "".
const std::string abc = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
const std::string none_of_it =
    "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

struct row {
  std::string text, says;
};
std::ostream& operator<<(std::ostream& out, const row& r) { return out << r.says; }

const row malformed[] = {
    {"", "it names nobody"},
    {"# nothing\n\n", "it names nobody"},
    {"ops\n", "line 1: wanted NAME CREDENTIAL SCOPE..."},
    {"ops " + abc + "\n", "line 1: wanted NAME"},
    {"\n# x\na/b " + abc + " read\n", "line 3: \"a/b\" is no name"},
    {std::string(65, 'a') + " " + abc + " read", "is no name"},
    {"ops secret read", "line 1: the credential is sha256:HASH"},
    {"ops cert: read", "the credential is sha256:HASH"},
    {"ops sha256:12 read", "sha256: takes the 64 hexadecimal digits"},
    {"ops " + abc.substr(0, 70) + "g read", "sha256: takes the 64"},
    {"ops " + abc + " write", "\"write\" is no scope"},
    {"ops " + abc + " read:", "\"read:\" is limited to what is no type"},
    {"ops " + abc + " read:A", "\"read:A\" is limited"},
    {"ops " + abc + " start:checkout.2", "names a version"},
    {"ops \"cert:CN=a read", "a quotation that does not end"},
    {"ops " + abc + " read\x01", "a control character"},
    {"ops " + abc + " read\nops cert:CN=a read", "line 2: the name \"ops\" stands twice"},
    {"ops " + abc + " read\nb " + abc + " read", "line 2: the credential is that of \"ops\""},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(keys)

BOOST_DATA_TEST_CASE(a_malformed_file_is_refused_with_line_and_reason, data::make(malformed), one) {
  const auto ring = key_ring::read(one.text);
  BOOST_TEST_REQUIRE(!ring);
  BOOST_TEST(contains(ring.error().text, one.says), ring.error().text);
}

BOOST_AUTO_TEST_CASE(a_file_names_keys_and_certificates) {
  const auto ring = key_ring::read("# who\r\nops\t" + abc +
                                   "  read start:fan_out # all\r\n"
                                   "billing \"cert:CN=billing,O=Example Ltd\" manage");
  BOOST_TEST_REQUIRE(!!ring);
  BOOST_TEST((*ring)->size() == 2u);
  const auto* ops = (*ring)->with_key("abc");
  BOOST_TEST_REQUIRE(ops != nullptr);
  BOOST_TEST(ops->name == "ops");
  BOOST_TEST(ops->may(scope::read, ""));
  BOOST_TEST(ops->may(scope::read, "anything"));
  BOOST_TEST(ops->may(scope::start, "fan_out"));
  BOOST_TEST(!ops->may(scope::start, ""));
  BOOST_TEST(!ops->may(scope::start, "fan"));
  BOOST_TEST(ops->may_somewhere(scope::start));
  BOOST_TEST(!ops->may_somewhere(scope::manage));
  const auto* billing = (*ring)->with_certificate("CN=billing,O=Example Ltd");
  BOOST_TEST_REQUIRE(billing != nullptr);
  BOOST_TEST(billing->may(scope::manage, ""));
}

BOOST_AUTO_TEST_CASE(an_unknown_key_or_certificate_opens_nothing) {
  const auto ring = key_ring::read("ops " + abc + " read\nx " + none_of_it + " read");
  BOOST_TEST_REQUIRE(!!ring);
  BOOST_TEST((*ring)->with_key("abd") == nullptr);
  BOOST_TEST((*ring)->with_key(abc) == nullptr);  // the hash is no key
  BOOST_TEST((*ring)->with_certificate("") == nullptr);
  BOOST_TEST((*ring)->with_certificate("CN=a") == nullptr);
}

BOOST_AUTO_TEST_CASE(a_file_that_is_not_there_is_named) {
  const auto ring = key_ring::open("/nonexistent/keys");
  BOOST_TEST_REQUIRE(!ring);
  BOOST_TEST(contains(ring.error().text, "/nonexistent/keys cannot be read"));
}

BOOST_AUTO_TEST_CASE(a_new_key_opens_what_its_line_says) {
  const auto made = make_key("till-3", {"read", "signal:cart"});
  BOOST_TEST_REQUIRE(!!made);
  BOOST_TEST(made->secret.starts_with("rpk_"));
  BOOST_TEST(made->secret.size() == 68u);
  BOOST_TEST(!contains(made->line, made->secret));
  const auto ring = key_ring::read(made->line);
  BOOST_TEST_REQUIRE(!!ring);
  const auto* who = (*ring)->with_key(made->secret);
  BOOST_TEST_REQUIRE(who != nullptr);
  BOOST_TEST(who->name == "till-3");
  BOOST_TEST(who->may(scope::signal, "cart"));
  BOOST_TEST(!who->may(scope::signal, "order"));
  BOOST_TEST(make_key("till-3", {"read"})->secret != made->secret);
  BOOST_TEST(!make_key("till 3", {"read"}));
  BOOST_TEST(!make_key("till-3", {"write"}));
  BOOST_TEST(!make_key("till-3", {}));
}

BOOST_AUTO_TEST_CASE(a_bucket_gives_a_seconds_worth_at_once_and_then_its_rate) {
  using namespace std::chrono_literals;
  rate_limiter bucket;
  const rate_limiter::clock::time_point begin(1h);
  for (int i = 0; i < 10; ++i) BOOST_TEST((bucket.take(begin, 10) == 0ns));
  BOOST_TEST((bucket.take(begin, 10) == 100ms));
  BOOST_TEST((bucket.take(begin + 50ms, 10) == 50ms));
  BOOST_TEST((bucket.take(begin + 100ms, 10) == 0ns));
  BOOST_TEST((bucket.take(begin + 100ms, 10) == 100ms));
  for (int i = 0; i < 10; ++i) BOOST_TEST((bucket.take(begin + 1h, 10) == 0ns));
  BOOST_TEST((bucket.take(begin + 1h, 10) == 100ms));
}

BOOST_AUTO_TEST_SUITE_END()
