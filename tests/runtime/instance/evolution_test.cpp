// State that another version of the program wrote: fields that are new to the data have their defaults,
// fields that are new to the program are kept when it writes.

#include <capnp/any.h>
#include <capnp/message.h>
#include <capnp/serialize.h>
#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <cstring>

#include "examples/application.hpp"
#include "examples/counter/counter.hpp"
#include "persistence/keys.hpp"
#include "runtime/message/records.hpp"
#include "tests/support/world.hpp"

using namespace reprise;
using namespace reprise::testing;
namespace counter = examples::counter;
namespace records = runtime::records;

namespace {

// A state of so many 64-bit fields, as a program with that many would have written it.
payload state_of(const std::vector<std::int64_t>& fields) {
  capnp::MallocMessageBuilder message;
  auto root = message.getRoot<capnp::AnyPointer>().initAsAnyStruct(
      static_cast<std::uint16_t>(fields.size()), 0);
  if (!fields.empty()) std::memcpy(root.getDataSection().begin(), fields.data(), fields.size() * 8);
  const auto words = capnp::messageToFlatArray(message);
  const auto bytes = words.asBytes();
  return payload(std::string_view(reinterpret_cast<const char*>(bytes.begin()), bytes.size()));
}

std::vector<std::int64_t> fields_of(world& w, const char* key) {
  persistence::load_request one;
  one.keys = {persistence::keys::actor("counter", key)};
  const auto record = records::decode_actor(*w.engine().store->read(one).values.front());
  capnp::FlatArrayMessageReader message(
      kj::arrayPtr(reinterpret_cast<const capnp::word*>(record->state.bytes().data()),
                   record->state.size() / 8));
  const auto data = message.getRoot<capnp::AnyStruct>().getDataSection();
  std::vector<std::int64_t> fields(data.size() / 8);
  std::memcpy(fields.data(), data.begin(), data.size());
  return fields;
}

void write_as_another_program(world& w, const char* key, const payload& state) {
  w.crash();
  w.wrap([&](std::unique_ptr<persistence::store> s) {
    std::vector<persistence::batch> group(1);
    group[0].put(persistence::keys::actor("counter", key),
                 records::encode(records::actor{state, {}}));
    BOOST_REQUIRE(static_cast<bool>(s->commit(s->durable() + 1, group)));
    return s;
  });
  w.open();
  w.wrap({});
}

std::int64_t add(world& w, const char* key, std::int64_t n) {
  const auto count = w.get(counter::add(key, [&](auto in) { in.setAmount(n); }));
  return count->getValue();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(evolution)

BOOST_AUTO_TEST_CASE(a_field_that_the_data_lacks_has_its_default) {
  world w(1, disk::memory, examples::application);
  write_as_another_program(w, "old", state_of({}));
  BOOST_TEST(add(w, "old", 5) == 5);
  w.crash();
  w.open();
  BOOST_TEST(add(w, "old", 1) == 6);
}

BOOST_AUTO_TEST_CASE(a_field_that_the_program_lacks_is_kept) {
  world w(2, disk::memory, examples::application);
  write_as_another_program(w, "new", state_of({40, 77}));
  BOOST_TEST(add(w, "new", 2) == 42);
  w.run();
  const std::vector<std::int64_t> kept{42, 77};
  BOOST_TEST(fields_of(w, "new") == kept, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_page_that_stands_for_more_than_it_holds_is_damaged) {
  // One segment: the root, its list, and that list's tag: 2^29 - 1 events, none of which has a size.
  const std::uint64_t words[] = {std::uint64_t{3} << 32, 0x0001'0000'0000'0000,
                                 0x0000'0007'0000'0001, 0x0000'0000'7fff'fffc};
  std::vector<history_event> events;
  BOOST_TEST(
      !records::decode_events({reinterpret_cast<const char*>(words), sizeof words}, 1, events));
}

BOOST_AUTO_TEST_SUITE_END()
