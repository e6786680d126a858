// Names of what clients choose, and the secret that makes them.

#include "runtime/message/keyed_hash.hpp"

#include <boost/test/unit_test.hpp>

#include <set>
#include <string>

#include "persistence/keys.hpp"
#include "persistence/memory_store.hpp"

using namespace reprise;
using runtime::keyed_hash;

namespace {

std::string counted_to_16() {
  std::string bytes;
  for (char c = 0; c < 16; ++c) bytes += c;
  return bytes;
}

result<std::string> secret_of(persistence::store& s, const std::string& fresh) {
  persistence::batch first;
  auto secret = runtime::folder_secret([&](const auto& r) { return s.read(r); }, fresh, first);
  if (!first.empty()) BOOST_REQUIRE(s.commit(s.durable() + 1, {&first, 1}));
  return secret;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(keyed_hashes)

// The first of the vectors that its authors publish for SipHash-2-4-128.
BOOST_AUTO_TEST_CASE(a_keyed_hash_is_siphash) {
  BOOST_TEST(keyed_hash(counted_to_16()).digits({}) == "a3817f04ba25a8e66df67214c7550293");
}

BOOST_AUTO_TEST_CASE(a_keyed_hash_differs_for_other_parts_or_another_secret) {
  const keyed_hash one(counted_to_16()), other("another secret!!");
  const std::string nul(1, '\0');
  std::set<std::string> names;
  for (const auto* hash : {&one, &other})
    for (const std::initializer_list<std::string_view> parts :
         {std::initializer_list<std::string_view>{"ab", "c"},
          {"a", "bc"},
          {"abc"},
          {"abc", ""},
          {"", "abc"},
          {"a", nul, "bc"},
          {"a",
           "\1"
           "bc"}})
      BOOST_TEST(names.insert(hash->bytes(parts)).second);
  BOOST_TEST(names.size() == 14u);
  for (const auto& name : names) BOOST_TEST(name.size() == keyed_hash::size);
}

BOOST_AUTO_TEST_CASE(a_folder_keeps_its_secret) {
  persistence::memory_store s;
  BOOST_TEST(*secret_of(s, "the first secret") == "the first secret");
  BOOST_TEST(*secret_of(s, "another secret!!") == "the first secret");
}

BOOST_AUTO_TEST_CASE(a_secret_of_another_length_is_damage) {
  persistence::memory_store s;
  persistence::batch b;
  b.put(persistence::keys::meta("secret"), "short");
  BOOST_REQUIRE(s.commit(s.durable() + 1, {&b, 1}));
  const auto secret = secret_of(s, "the first secret");
  BOOST_TEST_REQUIRE(!secret);
  BOOST_TEST((secret.error().why == cause::corrupt));
}

BOOST_AUTO_TEST_SUITE_END()
