// The types a folder was written with against those a program binds.

#include <capnp/message.h>
#include <capnp/schema.capnp.h>
#include <capnp/serialize.h>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "actors/reprise.hpp"
#include "examples/counter/counter.capnp.h"
#include "persistence/keys.hpp"
#include "persistence/memory_store.hpp"
#include "runtime/node/schema_check.hpp"

using namespace reprise;
using runtime::check_schemas;

namespace {

inline constexpr actor<none> box{"box"};
inline constexpr operation<none, std::string, none> put_text{box, "put"};
inline constexpr operation<none, std::int64_t, none> put_number{box, "put"};
inline constexpr activity<examples::counter::Add, none> use{"use"};

struct box_of_text {
  result<> put(std::string) { return done; }
};
struct box_of_numbers {
  result<> put(std::int64_t) { return done; }
};

application texts() {
  application app;
  app.bind(put_text, &box_of_text::put);
  return app;
}
application numbers() {
  application app;
  app.bind(put_number, &box_of_numbers::put);
  return app;
}
inline constexpr activity<std::string, none> count_text{"count"};
inline constexpr activity<std::int64_t, none> count_number{"count"};

application texts_and_more() {
  auto app = texts();
  app.bind(count_text, [](std::string) -> result<none> { return none(); });
  return app;
}

application structs() {
  application app;
  app.bind(use, [](examples::counter::Add::Reader) -> result<> { return done; });
  return app;
}

application numbers_and_structs() {
  auto app = numbers();
  app.bind(use, [](examples::counter::Add::Reader) -> result<> { return done; });
  app.bind(count_number, [](std::int64_t) -> result<none> { return none(); });
  return app;
}

// One durable name with whatever type is asked for.
template <class T>
application taking() {
  static constexpr activity<T, none> take{"take"};
  application app;
  app.bind(take, [](T) -> result<none> { return none(); });
  return app;
}
template <class Key, class Value>
struct shelf {
  table<Key, Value> lines{"lines"};
  result<> put(none) { return done; }
};
template <class Key, class Value>
application keeping() {
  static constexpr operation<none, none, none> put{box, "put"};
  application app;
  app.bind(put, &shelf<Key, Value>::put);
  return app;
}

struct change {
  const char* what;
  application (*was)();
  application (*now)();
  bool fits;
};
std::ostream& operator<<(std::ostream& out, const change& c) { return out << c.what; }

using counter_add = examples::counter::Add;
const change changes[] = {
    {"wider", taking<std::int32_t>, taking<std::int64_t>, true},
    {"much wider", taking<std::int8_t>, taking<std::int64_t>, true},
    {"narrower", taking<std::int64_t>, taking<std::int32_t>, false},
    {"wider unsigned", taking<std::uint16_t>, taking<std::uint32_t>, true},
    {"narrower unsigned", taking<std::uint32_t>, taking<std::uint8_t>, false},
    {"signed to unsigned", taking<std::int32_t>, taking<std::uint64_t>, false},
    {"unsigned to signed", taking<std::uint32_t>, taking<std::int64_t>, false},
    {"integer to number", taking<std::int32_t>, taking<double>, false},
    {"a list of wider", taking<std::vector<std::int32_t>>, taking<std::vector<std::int64_t>>, true},
    {"a list of narrower", taking<std::vector<std::int64_t>>, taking<std::vector<std::int32_t>>,
     false},
    {"a list of one", taking<std::int64_t>, taking<std::vector<std::int64_t>>, false},
    {"the same table", keeping<std::string, std::int64_t>, keeping<std::string, std::int64_t>,
     true},
    {"a key of numbers", keeping<std::string, std::int64_t>, keeping<std::int64_t, std::int64_t>,
     false},
    {"a wider key", keeping<std::int32_t, none>, keeping<std::int64_t, none>, false},
    {"a narrower key", keeping<std::int64_t, none>, keeping<std::int32_t, none>, false},
    {"an unsigned key", keeping<std::int64_t, none>, keeping<std::uint64_t, none>, false},
    {"a wider entry", keeping<std::string, std::int32_t>, keeping<std::string, std::int64_t>, true},
    {"a narrower entry", keeping<std::string, std::int64_t>, keeping<std::string, std::int32_t>,
     false},
    {"an entry of text", keeping<std::string, std::int64_t>, keeping<std::string, std::string>,
     false},
    {"a struct as entry", keeping<std::string, std::int64_t>, keeping<std::string, counter_add>,
     false},
};

// The node of Add as an older or another program might have had it.
std::string add_with(void (*change)(capnp::schema::Node::Builder)) {
  capnp::MallocMessageBuilder copy;
  copy.setRoot(capnp::Schema::from<examples::counter::Add>().getProto());
  change(copy.getRoot<capnp::schema::Node>());
  const auto words = capnp::messageToFlatArray(copy);
  const auto bytes = words.asBytes();
  return {reinterpret_cast<const char*>(bytes.begin()), bytes.size()};
}

std::string key_of_add() {
  char id[32];
  std::snprintf(id, sizeof id, "node/%016llx",
                static_cast<unsigned long long>(capnp::typeId<examples::counter::Add>()));
  return persistence::keys::meta(id);
}

void store_as(persistence::store& s, const std::string& node) {
  persistence::batch b;
  b.put(key_of_add(), node);
  BOOST_REQUIRE(s.commit(s.durable() + 1, {&b, 1}));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(schemas)

BOOST_AUTO_TEST_CASE(the_same_types_fit_and_write_nothing_again) {
  persistence::memory_store s;
  BOOST_REQUIRE(check_schemas(s, texts()));
  const auto after = s.durable();
  BOOST_TEST(after > 0u);
  BOOST_TEST(bool(check_schemas(s, texts())));
  BOOST_TEST(s.durable() == after);
}

BOOST_AUTO_TEST_CASE(a_durable_name_with_another_kind_of_type_is_refused_by_that_name) {
  persistence::memory_store s;
  BOOST_REQUIRE(check_schemas(s, texts()));
  const auto refused = check_schemas(s, numbers());
  BOOST_REQUIRE(!refused);
  BOOST_TEST(refused.error().text.find("operation box.put in") != std::string::npos);
  BOOST_TEST(refused.error().text.find("text") != std::string::npos);
  BOOST_TEST(bool(check_schemas(s, texts())));  // nothing of the refused program was kept
}

BOOST_DATA_TEST_CASE(a_type_fits_when_it_takes_whatever_was_stored,
                     boost::unit_test::data::make(changes), one) {
  persistence::memory_store s;
  BOOST_REQUIRE(check_schemas(s, one.was()));
  BOOST_TEST(bool(check_schemas(s, one.now())) == one.fits);
  // What was refused left nothing behind, and what was accepted is what counts from now on.
  BOOST_TEST(bool(check_schemas(s, one.now())) == one.fits);
  const bool same = one.fits && bool(check_schemas(s, one.was()));
  BOOST_TEST(same == (std::string_view(one.what) == "the same table"));
}

// The struct of a table's entries is checked field by field as any other.
BOOST_AUTO_TEST_CASE(a_field_of_an_entry_with_another_type_is_refused_by_its_name) {
  persistence::memory_store s;
  store_as(s, add_with([](capnp::schema::Node::Builder node) {
             auto slot = node.getStruct().getFields()[0].getSlot();
             slot.getType().setFloat32();
             slot.getDefaultValue().setFloat32(0);
           }));
  const auto refused = check_schemas(s, keeping<std::string, counter_add>());
  BOOST_REQUIRE(!refused);
  BOOST_TEST(refused.error().text.find("amount") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_struct_that_lost_its_tail_to_an_older_program_still_fits) {
  persistence::memory_store s;
  store_as(s, add_with([](capnp::schema::Node::Builder node) {
             auto fields = node.getStruct();
             fields.initFields(0);
             fields.setDataWordCount(0);
             fields.setPreferredListEncoding(capnp::schema::ElementSize::EMPTY);
           }));
  const auto fits = check_schemas(s, structs());
  BOOST_TEST(bool(fits), (fits ? "" : fits.error().text));
}

BOOST_AUTO_TEST_CASE(a_field_of_another_type_is_refused_by_its_name) {
  persistence::memory_store s;
  store_as(s, add_with([](capnp::schema::Node::Builder node) {
             auto slot = node.getStruct().getFields()[0].getSlot();
             slot.getType().setFloat32();
             slot.getDefaultValue().setFloat32(0);
           }));
  const auto refused = check_schemas(s, structs());
  BOOST_REQUIRE(!refused);
  BOOST_TEST_MESSAGE(refused.error().text);
  BOOST_TEST(refused.error().text.find("amount") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(every_type_that_does_not_fit_is_named_at_once) {
  persistence::memory_store s;
  BOOST_REQUIRE(check_schemas(s, texts_and_more()));
  store_as(s, add_with([](capnp::schema::Node::Builder node) {
             auto slot = node.getStruct().getFields()[0].getSlot();
             slot.getType().setFloat32();
             slot.getDefaultValue().setFloat32(0);
           }));
  const auto refused = check_schemas(s, numbers_and_structs());
  BOOST_REQUIRE(!refused);
  for (const char* what : {"operation box.put in", "activity count in", "amount"})
    BOOST_TEST(refused.error().text.find(what) != std::string::npos, refused.error().text);
}

BOOST_AUTO_TEST_CASE(names_that_nobody_binds_are_reported_beyond_a_page_of_them) {
  persistence::memory_store s;
  persistence::batch b;
  for (int i = 0; i < 2'500; ++i)
    b.put(persistence::keys::meta("type/event e" + std::to_string(i)), "text");
  BOOST_REQUIRE(s.commit(s.durable() + 1, {&b, 1}));
  std::size_t said = 0;
  BOOST_REQUIRE(check_schemas(s, texts(), [&](const log_line&) { ++said; }));
  BOOST_TEST(said == 2'500u);
}

BOOST_AUTO_TEST_CASE(names_that_nobody_binds_are_reported) {
  persistence::memory_store s;
  BOOST_REQUIRE(check_schemas(s, texts()));
  std::vector<std::string> said;
  BOOST_REQUIRE(
      check_schemas(s, structs(), [&](const log_line& line) { said.emplace_back(line.text); }));
  BOOST_TEST(said.size() == 3u);  // the state, the input and the output of box
  BOOST_TEST(said.front().find("box") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
