// Which addresses are connected to: a table of socket addresses, and what operators let through.

#include "gateway/calls/sending/addresses.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <cstring>
#include <ostream>

using namespace reprise::http::internal;

namespace {

struct socket_address {
  sockaddr_storage bytes{};
  socklen_t size = 0;
  explicit socket_address(const std::string& text) {
    if (text.find(':') == text.npos) {
      sockaddr_in v4{};
      v4.sin_family = AF_INET;
      BOOST_TEST_REQUIRE(inet_pton(AF_INET, text.c_str(), &v4.sin_addr) == 1);
      std::memcpy(&bytes, &v4, size = sizeof v4);
    } else {
      sockaddr_in6 v6{};
      v6.sin6_family = AF_INET6;
      BOOST_TEST_REQUIRE(inet_pton(AF_INET6, text.c_str(), &v6.sin6_addr) == 1);
      std::memcpy(&bytes, &v6, size = sizeof v6);
    }
  }
  const sockaddr& generic() const { return reinterpret_cast<const sockaddr&>(bytes); }
};

std::string verdict(const std::string& address, const std::vector<std::string>& let_through = {}) {
  const socket_address at(address);
  const auto rules = address_rules::parse(let_through);
  BOOST_TEST_REQUIRE(!!rules);
  return std::string(rules->refusal(at.generic(), at.size).value_or("may be"));
}

struct judged {
  const char* address;
  const char* verdict;
};
std::ostream& operator<<(std::ostream& out, const judged& one) { return out << one.address; }

const judged table[] = {
    {"8.8.8.8", "may be"},
    {"1.1.1.1", "may be"},
    {"9.255.255.255", "may be"},
    {"11.0.0.0", "may be"},
    {"100.63.255.255", "may be"},
    {"100.128.0.0", "may be"},
    {"172.15.255.255", "may be"},
    {"172.32.0.0", "may be"},
    {"223.255.255.255", "may be"},
    {"0.0.0.0", "unspecified"},
    {"0.1.2.3", "unspecified"},
    {"10.0.0.0", "private"},
    {"10.255.255.255", "private"},
    {"100.64.0.0", "shared by a carrier's customers"},
    {"100.127.255.255", "shared by a carrier's customers"},
    {"127.0.0.1", "loopback"},
    {"127.255.255.254", "loopback"},
    {"169.254.169.254", "link-local"},
    {"172.16.0.0", "private"},
    {"172.31.255.255", "private"},
    {"192.0.0.170", "for protocols"},
    {"192.168.1.1", "private"},
    {"198.19.255.255", "for benchmarks"},
    {"203.0.113.7", "for documentation"},
    {"224.0.0.1", "multicast"},
    {"239.255.255.255", "multicast"},
    {"240.0.0.1", "reserved"},
    {"255.255.255.255", "reserved"},
    {"2606:4700::1111", "may be"},
    {"2a00::1", "may be"},
    {"::", "unspecified"},
    {"::1", "loopback"},
    {"::ffff:127.0.0.1", "an IPv4 address written as IPv6"},
    {"::ffff:8.8.8.8", "an IPv4 address written as IPv6"},
    {"::10.0.0.1", "an IPv4 address written as IPv6"},
    {"64:ff9b::127.0.0.1", "loopback"},
    {"64:ff9b::169.254.169.254", "link-local"},
    {"64:ff9b::10.1.2.3", "private"},
    {"64:ff9b::8.8.8.8", "may be"},  // a network without IPv4 reaches it so
    {"64:ff9b:1::8.8.8.8", "a private translation of IPv4"},
    {"2002:7f00:1::", "an IPv4 address written as IPv6"},
    {"2001:0:1::1", "for protocols"},  // Teredo
    {"2001:db8::1", "for documentation"},
    {"fc00::1", "private"},
    {"fdff:ffff::1", "private"},
    {"fe80::1", "link-local"},
    {"febf::1", "link-local"},
    {"fec0::1", "private"},
    {"ff02::1", "multicast"},
    {"100::1", "not public"},
    {"4000::1", "not public"},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(addresses)

BOOST_DATA_TEST_CASE(an_address_is_judged_by_its_kind, boost::unit_test::data::make(table)) {
  BOOST_TEST(verdict(sample.address) == sample.verdict);
}

BOOST_AUTO_TEST_CASE(an_address_of_another_family_is_refused) {
  sockaddr_storage local{};
  local.ss_family = AF_UNIX;
  const auto rules = address_rules::parse({"0.0.0.0/0", "::/0"});
  const auto& generic = reinterpret_cast<const sockaddr&>(local);
  BOOST_TEST(rules->refusal(generic, sizeof local).has_value());
  socket_address cut_short("8.8.8.8");
  BOOST_TEST(rules->refusal(cut_short.generic(), 7).has_value());
}

BOOST_AUTO_TEST_CASE(an_address_is_let_through_by_a_range_of_its_family) {
  BOOST_TEST(verdict("10.1.2.3", {"10.0.0.0/8"}) == "may be");
  BOOST_TEST(verdict("10.1.2.3", {"10.1.2.0/23"}) == "may be");
  BOOST_TEST(verdict("10.1.4.0", {"10.1.2.0/23"}) == "private");
  BOOST_TEST(verdict("127.0.0.1", {"127.0.0.1"}) == "may be");
  BOOST_TEST(verdict("127.0.0.2", {"127.0.0.1"}) == "loopback");
  BOOST_TEST(verdict("fd12::1", {"fd00::/8"}) == "may be");
  BOOST_TEST(verdict("fc12::1", {"fd00::/8"}) == "private");
  // A range of IPv4 says nothing about other ways to write it.
  BOOST_TEST(verdict("::ffff:10.1.2.3", {"10.0.0.0/8"}) == "an IPv4 address written as IPv6");
  BOOST_TEST(verdict("::1", {"127.0.0.0/8"}) == "loopback");
}

BOOST_AUTO_TEST_CASE(ranges_that_are_none_are_named) {
  for (const char* text : {"10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/8x", "10.1.0.0/8",
                           "10.0/8", "localhost", "", "fc00::/129", "[::1]"}) {
    const auto rules = address_rules::parse({text});
    BOOST_TEST(!rules, text);
    if (!rules)
      BOOST_TEST(rules.error().text.find("\"" + std::string(text) + "\"") != std::string::npos);
  }
}

BOOST_AUTO_TEST_SUITE_END()
