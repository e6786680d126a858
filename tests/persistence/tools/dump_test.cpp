#include "persistence/dump.hpp"

#include <capnp/message.h>
#include <capnp/serialize.h>

#include <boost/test/unit_test.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "persistence/keys.hpp"
#include "persistence/records.capnp.h"
#include "persistence/tools/json_text.hpp"
#include "persistence/tools/record_text.hpp"
#include "tests/persistence/stores.hpp"

using namespace reprise::persistence;
using namespace reprise::persistence::testing;

namespace {

template <class Record, class Fill>
std::string record(Fill fill) {
  capnp::MallocMessageBuilder message;
  fill(message.initRoot<Record>());
  const auto words = capnp::messageToFlatArray(message);
  const auto bytes = words.asBytes();
  return {reinterpret_cast<const char*>(bytes.begin()), bytes.size()};
}

capnp::Data::Reader data(const std::string& s) {
  return {reinterpret_cast<const kj::byte*>(s.data()), s.size()};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(dump)

BOOST_AUTO_TEST_CASE(every_record_of_tables_and_log_is_one_line_with_the_fields_of_its_schema) {
  temporary_folder folder;
  const std::string binary("\0\1\2\3", 4), json = R"({"n":1})";
  const owner tea{1, "stock", "tea"}, order{2, "", "order-7"};
  {
    auto s = opened(small(folder.path()));
    commit(*s, {w().put(keys::actor("stock", "gone"), "x")
                    .put(keys::actor("stock", "tea"), record<records::Actor>([&](auto a) {
                           a.setState(data(json));
                           a.setUpdated(12);
                         }))
                    .put(keys::meta("odd"), binary)});
    BOOST_TEST_REQUIRE(fold_now(*s).has_value());
    commit(*s, {w().erase(keys::actor("stock", "gone"))
                    .put(keys::message(tea, 2, 3, 4, 5), record<records::Message>([&](auto m) {
                           m.initSender().setKey("order-7");
                           m.initCall().setOperation("reserve");
                           m.getCall().setInput(data(binary));
                         }))
                    .put(keys::resend("order-7"), "")
                    .put(keys::lock(tea), record<records::Lock>([&](auto l) {
                           l.initHolder().setInstance("order-7");
                           l.getHolder().setStep(3);
                           l.setSince(12);
                         }))
                    .put(keys::timer(-1, order, 1, 2, 3),
                         record<records::Timer>([&](auto t) { t.initStep().setNumber(3); }))});
  }
  std::vector<std::string> lines;
  const auto count = dump_folder(folder.path(), [&](std::string_view l) { lines.emplace_back(l); });
  BOOST_TEST_REQUIRE(count.has_value());
  const std::vector<std::string> expected{
      R"({"table":"meta","key":{"name":"odd"},"record":{"value":{"base64":"AAECAw=="}}})",
      R"({"table":"actors","key":{"type":"stock","key":"tea"},"record":{"state":"{\"n\":1}","updated":"12"}})",
      R"({"table":"messages","key":{"type":"stock","key":"tea","lane":2,"partition":0,"term":"3","position":"4","index":5},)"
      R"("record":{"sender":{"key":"order-7"},"call":{"operation":"reserve","input":{"base64":"AAECAw=="}}}})",
      R"({"table":"timers","key":{"due":"-1","instance":"order-7","term":"1","position":"2","number":"3"},)"
      R"("record":{"step":{"number":"3"}}})",
      R"({"table":"resends","key":{"instance":"order-7"},"record":{"value":""}})",
      R"({"table":"locks","key":{"type":"stock","key":"tea"},"record":{"holder":{"instance":"order-7","step":"3"},"since":"12"}})",
  };
  BOOST_TEST(lines == expected, boost::test_tools::per_element());
  BOOST_TEST(*count == expected.size());
}

BOOST_AUTO_TEST_CASE(a_damaged_record_is_a_line_that_says_so) {
  temporary_folder folder;
  {
    auto s = opened(small(folder.path()));
    commit(*s, {w().put(keys::actor("stock", "tea"), "not a message")});
  }
  std::string line;
  BOOST_TEST_REQUIRE(dump_folder(folder.path(), [&](std::string_view l) { line = l; }).has_value());
  BOOST_TEST(line ==
             R"({"table":"actors","key":{"type":"stock","key":"tea"},"damaged":"not a message"})");
}

BOOST_AUTO_TEST_CASE(a_few_bytes_that_stand_for_endless_text_are_damaged) {
  // One segment: the root, its list, and that list's tag: 2^29 - 1 elements, none of which has a size.
  const std::uint64_t words[] = {std::uint64_t{3} << 32, 0x0001'0000'0000'0000,
                                 0x0000'0007'0000'0001, 0x0000'0000'7fff'fffc};
  const std::string value(reinterpret_cast<const char*>(words), sizeof words);
  BOOST_TEST(!internal::record_json(keys::event("order-7", 1, 2, 3), value).has_value());
}

BOOST_AUTO_TEST_CASE(bytes_are_text_only_when_they_are_printable_utf8) {
  using internal::json_bytes;
  BOOST_TEST(json_bytes("caf\xc3\xa9 \xf0\x9f\x8d\xb5\n\"\\") ==
             "\"caf\xc3\xa9 \xf0\x9f\x8d\xb5\\u000a\\\"\\\\\"");
  for (const std::string bad :
       {"\xc3", "\xff", "\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\x01", "a\x7f"})
    BOOST_TEST(json_bytes(bad).starts_with("{\"base64\":\""));
  BOOST_TEST(json_bytes("\xff") == R"({"base64":"/w=="})");
  BOOST_TEST(json_bytes("\xff\xfe") == R"({"base64":"//4="})");
  BOOST_TEST(json_bytes("\xff\xfe\xfd") == R"({"base64":"//79"})");
}

BOOST_AUTO_TEST_SUITE_END()
