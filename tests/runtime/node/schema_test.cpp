// The types a folder was written with against those a program binds.

#include <capnp/message.h>
#include <capnp/schema.capnp.h>
#include <capnp/serialize.h>
#include <boost/test/unit_test.hpp>

#include <string>
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

BOOST_AUTO_TEST_CASE(another_kind_under_a_durable_name_is_refused_by_that_name) {
  persistence::memory_store s;
  BOOST_REQUIRE(check_schemas(s, texts()));
  const auto refused = check_schemas(s, numbers());
  BOOST_REQUIRE(!refused);
  BOOST_TEST(refused.error().text.find("operation box.put in") != std::string::npos);
  BOOST_TEST(refused.error().text.find("text") != std::string::npos);
  BOOST_TEST(bool(check_schemas(s, texts())));  // nothing of the refused program was kept
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

BOOST_AUTO_TEST_CASE(all_that_does_not_fit_is_named_at_once) {
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
