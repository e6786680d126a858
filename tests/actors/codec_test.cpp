#include <boost/test/unit_test.hpp>
#include <limits>

#include "actors/limits.hpp"
#include "actors/reprise.hpp"
#include "tests/actors/shop.capnp.h"

using reprise::codec;
using reprise::payload;
using reprise::type_of;
using reprise::value;

namespace {
template <class T>
void goes_round(const T& v, const std::string& bytes) {
  auto encoded = codec<T>::encode(value<T>(v));
  BOOST_TEST((encoded.bytes() == bytes));
  auto back = codec<T>::decode(encoded);
  BOOST_TEST_REQUIRE(static_cast<bool>(back));
  BOOST_TEST((**back == v));
}
std::string le(std::uint64_t n, std::size_t size = 8) {
  std::string out;
  for (std::size_t i = 0; i < size; ++i) out += static_cast<char>(n >> (8 * i));
  return out;
}
template <class T>
bool fits(std::string bytes) {
  auto read = codec<T>::decode(payload(std::move(bytes)));
  if (!read) BOOST_TEST((read.error().why == reprise::cause::invalid));
  return static_cast<bool>(read);
}
}  // namespace

BOOST_AUTO_TEST_SUITE(codecs)

BOOST_AUTO_TEST_CASE(the_encodings_are_those_that_are_stored) {
  using namespace std::string_literals;
  goes_round(reprise::none{}, "");
  goes_round(true, "\1"s);
  goes_round(false, "\0"s);
  goes_round<std::int8_t>(-1, le(~0ull));
  goes_round<std::int32_t>(-2, le(~0ull - 1));
  goes_round<std::uint8_t>(255, le(255));
  goes_round<std::uint16_t>(65535, le(65535));
  goes_round<std::uint32_t>(4'000'000'000u, le(4'000'000'000u));
  goes_round<std::uint64_t>(~0ull, le(~0ull));
  goes_round<std::int64_t>(std::numeric_limits<std::int64_t>::min(), le(1ull << 63));
  goes_round(0.5, le(0x3fe0000000000000));
  goes_round("grüße"s, "grüße");
  goes_round(""s, "");
  goes_round(reprise::json(R"({"a": 1})"), R"({"a": 1})");
  goes_round(std::vector<std::string>{"a", "", "bc"},
             le(3, 4) + le(1, 4) + "a" + le(0, 4) + le(2, 4) + "bc");
  goes_round(std::vector<bool>{true, false}, le(2, 4) + le(1, 4) + "\1"s + le(1, 4) + "\0"s);
  goes_round(std::vector<std::vector<std::uint32_t>>{{7}, {}},
             le(2, 4) + le(16, 4) + le(1, 4) + le(8, 4) + le(7) + le(4, 4) + le(0, 4));
}

BOOST_AUTO_TEST_CASE(bytes_that_do_not_fit_are_invalid_and_never_throw) {
  BOOST_TEST(!fits<bool>("\2"));
  BOOST_TEST(!fits<bool>(""));
  BOOST_TEST(!fits<std::uint8_t>(le(256)));
  BOOST_TEST(!fits<std::int8_t>(le(128)));
  BOOST_TEST(!fits<std::uint32_t>(le(1ull << 32)));
  BOOST_TEST(!fits<std::uint32_t>(le(1, 7)));
  BOOST_TEST(!fits<double>("1.5"));
  BOOST_TEST(!fits<reprise::json>(""));
  BOOST_TEST(!fits<reprise::none>("x"));
  BOOST_TEST(!fits<std::vector<std::string>>(le(2, 4) + le(1, 4) + "a"));
  BOOST_TEST(!fits<std::vector<std::string>>(le(~0u, 4)));
  BOOST_TEST(!fits<std::vector<std::string>>(le(1, 4) + le(1, 4) + "ab"));
  BOOST_TEST(!fits<shop::Ask>("12345678"));
  BOOST_TEST(!fits<shop::Ask>("123"));
  BOOST_TEST(!fits<shop::Ask>(le(0)));
  BOOST_TEST(!fits<shop::Ask>(le(0, 4) + le(9, 4) + le(0)));
  BOOST_TEST(!fits<shop::Ask>(le(~0u, 4) + le(1, 4) + le(0)));
}

BOOST_AUTO_TEST_CASE(types_are_described_once_each) {
  BOOST_TEST(type_of<std::uint32_t>().name == "uint32");
  BOOST_TEST(type_of<std::int64_t>().bits == 64u);
  BOOST_TEST(type_of<std::vector<std::string>>().name == "list of text");
  BOOST_TEST((type_of<std::vector<bool>>().element == &type_of<bool>()));
  BOOST_TEST((type_of<reprise::json>().kind == reprise::payload_kind::json));
  const auto& ask = type_of<shop::Ask>();
  BOOST_TEST((ask.kind == reprise::payload_kind::structure));
  BOOST_TEST(ask.name.find("shop.capnp:Ask") != std::string::npos);
  BOOST_TEST(ask.schema.getFields().size() == 1u);
  BOOST_TEST((&ask == &type_of<shop::Ask>()));
}

BOOST_AUTO_TEST_CASE(a_struct_keeps_its_bytes_and_can_be_read_for_ever) {
  std::string big(1 << 20, 'x');
  auto made = reprise::make<shop::Outcome>([&](auto out) { out.setText(big); });
  value<shop::Outcome> read(made.bytes());
  value<shop::Outcome> copy = read;
  for (int i = 0; i < 200; ++i) BOOST_TEST_REQUIRE(copy->getText().size() == big.size());
  BOOST_TEST((copy.bytes() == made.bytes()));
}

BOOST_AUTO_TEST_CASE(messages_of_several_segments_are_one_payload) {
  auto made = reprise::make<shop::Order>([](auto out) {
    auto lines = out.initLines(5000);
    for (auto line : lines) line.setSku("a rather long sku to fill the segments");
  });
  auto read = codec<shop::Order>::decode(payload(std::string(made.bytes().bytes())));
  BOOST_TEST_REQUIRE(static_cast<bool>(read));
  BOOST_TEST((*read)->getLines()[4999].getSku().size() == 38u);
}

BOOST_AUTO_TEST_CASE(no_bytes_are_a_struct_of_defaults) {
  value<shop::Stock> empty;
  BOOST_TEST(empty->getAvailable() == 0u);
  auto read = codec<shop::Stock>::decode({});
  BOOST_TEST_REQUIRE(static_cast<bool>(read));
  BOOST_TEST((*read)->getNote().size() == 0u);
}

BOOST_AUTO_TEST_CASE(plain_values_convert_from_and_to_what_they_are) {
  value<std::string> text = "abc";
  std::string copy = text;
  BOOST_TEST(copy == "abc");
  BOOST_TEST(text->size() == 3u);
  value<std::uint32_t> number = 7u;
  BOOST_TEST(number + 1 == 8u);
}

// Cap'n Proto's own conversion to std::string ends at the first U+0000.
BOOST_AUTO_TEST_CASE(a_text_is_whole_wherever_it_becomes_a_key_or_a_value) {
  const std::string whole("nul\0evil", 8);
  const auto order = reprise::make<shop::Order>([&](auto out) {
    out.initLines(1)[0].setSku(capnp::Text::Reader(whole.c_str(), whole.size()));
  });
  const auto text = order->getLines()[0].getSku();
  BOOST_TEST(reprise::text_of(text) == whole);
  BOOST_TEST(*value<std::string>(text) == whole);
  constexpr reprise::actor<shop::Stock> stock{"stock"};
  constexpr reprise::operation<shop::Stock, reprise::none, reprise::none> look{stock, "look"};
  constexpr reprise::transient_operation<shop::Stock, reprise::none, reprise::none> beat{stock,
                                                                                         "b"};
  constexpr reprise::orchestration<std::string, std::string> greet{"greet"};
  constexpr reprise::event<reprise::none> bell{"bell"};
  BOOST_TEST(look(text).what().key == whole);
  BOOST_TEST(beat(text).what().key == whole);
  BOOST_TEST(stock(text).key == whole);
  BOOST_TEST(bell.to(text).key == whole);
  BOOST_TEST(greet.as(text, text).what().key == whole);
  BOOST_TEST((greet(text).what().input.bytes() == whole));
  BOOST_TEST(!reprise::is_key(whole));
  reprise::table<std::string, std::uint64_t> counts{"counts"};
  counts.put("nul", 1u);
  counts.put(text, 2u);
  BOOST_TEST(**counts.find(text) == 2u);
  BOOST_TEST(**counts.find("nul") == 1u);
  BOOST_TEST(counts.scan(text, "o").size() == 1u);
  counts.erase(text);
  BOOST_TEST(!counts.find(text));
  reprise::turn here({.key = "tea"});
  BOOST_CHECK_THROW(here.tell(look(text)), reprise::failed);
}

BOOST_AUTO_TEST_SUITE_END()
