#include "gateway/server/compression.hpp"

#include <algorithm>
#include <string>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "tests/gateway/server/inflated.hpp"

namespace {

using namespace reprise::gateway;
using reprise::gateway_test::inflated;
namespace data = boost::unit_test::data;

struct row {
  std::string accepted;
  bool takes;
};
std::ostream& operator<<(std::ostream& out, const row& r) {
  return out << '"' << r.accepted << '"';
}

const row rows[] = {{"", false},
                    {"gzip", true},
                    {"GZIP", true},
                    {"x-gzip", true},
                    {"deflate, gzip;q=1.0, *;q=0.5", true},
                    {"deflate,\tgzip", true},
                    {"br", false},
                    {"gzipped", false},
                    {"gzip;q=0", false},
                    {"gzip; q=0.000, *", false},
                    {"gzip ; Q = 0.001", true},
                    {"*", true},
                    {"*;q=0", false},
                    {"*, gzip;q=0", false},
                    {"identity", false},
                    {",,gzip,", true}};

}  // namespace

BOOST_AUTO_TEST_SUITE(compression)

BOOST_DATA_TEST_CASE(gzip_is_used_only_when_the_client_accepts_it, data::make(rows), one) {
  BOOST_TEST(takes_gzip(one.accepted) == one.takes);
}

BOOST_AUTO_TEST_CASE(a_compressed_text_is_inflated_to_the_same_text) {
  std::string noise;
  for (unsigned i = 0, x = 1; i < 100'000; ++i)
    noise += static_cast<char>((x = x * 69'069 + 1) >> 24);
  for (const auto& text : {std::string(), std::string("a"), std::string(1u << 20, 'x'), noise})
    BOOST_TEST(inflated(gzip(text)) == text);
}

// So that a page of megabytes keeps the connections of its thread waiting for one piece at most.
BOOST_AUTO_TEST_CASE(a_text_compressed_in_pieces_is_one_text) {
  std::string noise;
  for (unsigned i = 0, x = 1; i < 100'000; ++i)
    noise += static_cast<char>((x = x * 69'069 + 1) >> 24);
  for (const std::size_t piece : {std::size_t{1} << 10, gzip_writer::piece, noise.size()}) {
    gzip_writer all(noise.size());
    for (std::string_view rest = noise; !rest.empty();
         rest.remove_prefix(std::min(piece, rest.size())))
      all.append(rest.substr(0, piece));
    BOOST_TEST(inflated(all.finish()) == noise);
  }
}

BOOST_AUTO_TEST_SUITE_END()
