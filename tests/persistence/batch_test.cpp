#include "persistence/batch.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <functional>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "persistence/memtable/last_writes.hpp"

using namespace reprise::persistence;

BOOST_AUTO_TEST_SUITE(batches)

BOOST_AUTO_TEST_CASE(writes_of_a_batch_are_read_back_in_order) {
  batch b;
  b.put("\2key", "value");
  b.erase("\2other");
  b.erase_range("\2a", "\2c");
  b.put("\2empty", "");
  BOOST_TEST(b.count() == 4u);

  write_reader in(b.bytes());
  auto one = in.next();
  BOOST_TEST_REQUIRE(one.has_value());
  BOOST_TEST(one->key == "\2key");
  BOOST_TEST(verified_value(one->key, one->stored).value() == "value");
  one = in.next();
  BOOST_TEST((one->kind == write_kind::erase && one->key == "\2other"));
  one = in.next();
  BOOST_TEST((one->kind == write_kind::erase_range && one->key == "\2a" && one->last == "\2c"));
  one = in.next();
  BOOST_TEST(verified_value(one->key, one->stored).value() == "");
  BOOST_TEST(!in.next().has_value());
  BOOST_TEST(!in.torn());
}

BOOST_AUTO_TEST_CASE(a_flipped_bit_in_key_or_value_does_not_verify) {
  const std::string key = "\x02stock", stored = stored_value(key, "ten");
  BOOST_TEST(verified_value(key, stored).value() == "ten");
  for (std::size_t bit = 0; bit < stored.size() * 8; ++bit) {
    auto other = stored;
    other[bit / 8] = static_cast<char>(other[bit / 8] ^ 1 << bit % 8);
    BOOST_TEST(!verified_value(key, other).has_value());
  }
  for (std::size_t bit = 0; bit < key.size() * 8; ++bit) {
    auto other = key;
    other[bit / 8] = static_cast<char>(other[bit / 8] ^ 1 << bit % 8);
    BOOST_TEST(!verified_value(other, stored).has_value());
  }
}

BOOST_AUTO_TEST_CASE(bytes_cut_anywhere_are_torn_and_never_read_beyond) {
  batch b;
  b.put("\2key", "value");
  b.erase_range("\2a", "\2c");
  for (std::size_t size = 1; size < b.bytes().size(); ++size) {
    const std::string part(b.bytes().substr(0, size));  // its own memory: a sanitizer sees its end
    write_reader in(part);
    std::size_t whole = 0;
    while (in.next()) ++whole;
    BOOST_TEST(whole < 2u);
    const bool between = whole == 1 && size == b.bytes().size() - (7 + 2 + 2);
    BOOST_TEST(in.torn() != between);
  }
}

BOOST_AUTO_TEST_CASE(noise_is_never_read_beyond_its_end) {
  std::mt19937 random(1);
  for (int i = 0; i < 20'000; ++i) {
    std::string noise(random() % 64, '\0');
    for (auto& c : noise) c = static_cast<char>(random() % 4);
    write_reader in(noise);
    while (const auto one = in.next())
      BOOST_TEST_REQUIRE((one->key.data() + one->key.size() <= noise.data() + noise.size()));
  }
}

// Keys that are the beginning of others, also by zeros, share many bytes, and come again.
BOOST_AUTO_TEST_CASE(the_last_write_of_each_key_is_found_in_the_order_of_keys) {
  std::mt19937 chance(1);
  const auto below = [&](unsigned n) { return std::size_t{chance() % n}; };
  internal::last_writes order;
  for (int round = 0; round < 500; ++round) {
    batch b;
    std::vector<std::string> keys;
    for (auto n = below(300); n > 0; --n) {
      std::string key = "\1" + std::string(below(3) * below(9), '\0');
      for (auto more = below(20); more > 0; --more) key += "\0a\xff"[below(3)];
      if (!keys.empty() && below(3) == 0) key = keys[below(static_cast<unsigned>(keys.size()))];
      below(4) == 0 ? b.erase(key) : b.put(key, "value");
      keys.push_back(std::move(key));
    }
    const auto size = b.bytes().size();
    const auto twice = std::string(b.bytes()).append(b.bytes());
    std::map<std::string, const char*, std::less<>> last;
    write_reader in(std::string_view(twice).substr(0, size));
    for (const char* at = in.at(); const auto w = in.next(); at = in.at()) {
      BOOST_TEST_REQUIRE((read_write(at).kind == w->kind && read_write(at).key == w->key &&
                          read_write(at).stored == w->stored));
      // In two places, so that a later one may stand before an earlier one.
      const auto* write = below(2) == 0 ? at : at + size;
      order.add(write);
      last[std::string(w->key)] = write;
    }
    std::vector<const char*> expected;
    for (const auto& [key, write] : last) expected.push_back(write);
    BOOST_TEST_REQUIRE(std::ranges::equal(order.of_each_key(), expected));
  }
}

BOOST_AUTO_TEST_SUITE_END()
