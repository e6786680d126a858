// Puts, erases and erased ranges in every order over every kind of layer: what lies below (tables,
// frozen layers) and above, read at every position since the tables' own.

#include <array>
#include <boost/test/unit_test.hpp>
#include <deque>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "persistence/keys.hpp"
#include "persistence/lmdb/look.hpp"
#include "persistence/lmdb/tables.hpp"
#include "persistence/memtable/overlay.hpp"
#include "tests/persistence/stores.hpp"

using namespace reprise::persistence;
using namespace reprise::persistence::internal;
using namespace reprise::persistence::testing;

namespace {

constexpr std::size_t map_bytes = std::size_t{64} << 20;

std::unique_ptr<tables> fresh_tables(const temporary_folder& in) {
  BOOST_TEST_REQUIRE(tables::create(in / "tables", map_bytes).has_value());
  auto t = tables::open(in / "tables", map_bytes, tables::access::read_write);
  BOOST_TEST_REQUIRE(t.has_value());
  return std::move(*t);
}

// Five writes to the key k or around it, told apart by `n`.
batch write_of(int which, int n) {
  const auto value = std::to_string(n);
  switch (which) {
    case 0:
      return w().put("k", value);
    case 1:
      return w().erase("k");
    case 2:
      return w().erase_range("j", "l");
    case 3:
      return w().put("j", value).erase_range("k", "kk").put("m", value);
    default:
      return w().put("k", "hidden").erase_range("k", "l").put("kk", value);
  }
}

enum class after { nothing, freeze, fold };

// One overlay over one set of tables, and what it must show at each position.
class stack {
 public:
  explicit stack(tables& on_disk) : tables_(on_disk), overlay_(on_disk.state().folded) {
    models_.push_back({});
  }

  void add(const batch& b, after then) {
    auto model = models_.back();
    apply(model, b);
    models_.push_back(model);
    overlay_.apply(overlay_.durable() + 1, b.bytes());
    overlay_.advance(overlay_.durable() + 1);
    if (then == after::nothing) return;
    frozen_.push_back(overlay_.freeze());
    if (then == after::fold) fold();
  }

  // Every position from the tables' own to the newest, key by key and as a page.
  void check() {
    const auto whole = overlay_.look();
    for (auto at = tables_.state().folded; at <= whole.at; ++at) {
      auto in = tables_.look();
      BOOST_TEST_REQUIRE(in.has_value());
      const auto& model = models_[models_.size() - 1 - (whole.at - at)];
      const view then{at, whole.layers};
      const auto answer = look_everywhere(ask({"j", "k", "kk", "m"}, "b", "z"), then, *in);
      record_map shown;
      for (const auto& [k, value] : answer.entries) shown[*keys::read_meta(k)] = value;
      BOOST_TEST((shown == model));
      const std::array<std::string, 4> asked{"j", "k", "kk", "m"};
      for (std::size_t i = 0; i < asked.size(); ++i) {
        const auto expected = model.find(asked[i]);
        BOOST_TEST(answer.values[i].has_value() == (expected != model.end()));
        if (answer.values[i] && expected != model.end())
          BOOST_TEST(*answer.values[i] == expected->second);
      }
    }
  }

 private:
  void fold() {
    for (const auto& l : frozen_) {
      BOOST_TEST_REQUIRE(
          tables_.fold(*l, 1, std::max(l->last(), tables_.state().folded)).has_value());
      overlay_.drop(l);
    }
    frozen_.clear();
  }

  tables& tables_;
  overlay overlay_;
  std::vector<std::shared_ptr<const layer>> frozen_;  // oldest first
  std::vector<record_map> models_;                    // the last is the newest position's
};

}  // namespace

BOOST_AUTO_TEST_SUITE(layers)

BOOST_AUTO_TEST_CASE(every_order_of_writes_and_layers_shows_what_the_writes_in_order_would) {
  temporary_folder folder;
  auto t = fresh_tables(folder);
  int n = 0;
  for (int first = 0; first < 5 * 3; ++first)
    for (int second = 0; second < 5 * 3; ++second)
      for (int third = 0; third < 5 * 2; ++third) {
        stack(*t).add(w().erase_range("b", "z"), after::fold);  // what the one before left
        stack s(*t);
        s.add(write_of(first % 5, ++n), static_cast<after>(first / 5));
        s.add(write_of(second % 5, ++n), static_cast<after>(second / 5));
        s.add(write_of(third % 5, ++n), static_cast<after>(third / 5));
        s.check();
        s.add({}, after::fold);
        s.check();
      }
  BOOST_TEST_MESSAGE(n / 3 << " orders");
}

BOOST_AUTO_TEST_CASE(overlapping_ranges_cover_each_key_from_the_first_that_did) {
  layer l;
  const auto erase = [&](const char* first, const char* last, position at) {
    batch b;
    b.erase_range(testing::key(first), testing::key(last));
    write_reader in(b.bytes());
    l.apply(*in.next(), at);
  };
  erase("d", "f", 1);
  erase("h", "j", 2);
  erase("b", "z", 3);
  erase("c", "k", 4);
  const auto erased_at = [&](const char* name, position at) {
    return l.find(testing::key(name), at).is == finding::what::erased;
  };
  BOOST_TEST((erased_at("d", 1) && erased_at("e", 1) && !erased_at("f", 1) && !erased_at("h", 1)));
  BOOST_TEST((erased_at("h", 2) && !erased_at("g", 2) && !erased_at("b", 2)));
  BOOST_TEST((erased_at("b", 3) && erased_at("g", 3) && erased_at("y", 3)));
  BOOST_TEST((!erased_at("z", 4) && !erased_at("a", 4)));
}

// More writes than are searched for together and than a layer keeps in its memory of the last ones;
// keys that differ early, late or in length only, and that come again within a group.
// Loading them, a segment at a time, finds the same.
BOOST_AUTO_TEST_CASE(a_layer_of_many_groups_holds_the_last_write_of_each_key_in_order) {
  overlay o(0), loaded(0);
  last_writes order;
  std::deque<batch> log;
  std::vector<logged_transition> segment;
  constexpr position end = 401;
  record_map model;
  std::set<std::string> written;
  std::minstd_rand chance(1);
  for (position first = 1; first < end; first += 4) {
    std::array<batch, 4> group;
    for (int i = 0; i < 200; ++i) {
      const auto n = chance();
      const auto name = std::string(n % 3 * 9, 'a') + std::to_string(n / 3 % 2000);
      const auto key = testing::key(name);
      auto& b = group[static_cast<std::size_t>(i) / 50];
      if (n % 7 == 0) {
        b.erase(key);
      } else {
        b.put(key, std::to_string(n));
      }
      if (n % 1001 == 0) b.erase_range(key, testing::key(name + "z"));
      written.insert(name);
    }
    o.apply(first, group);
    for (std::size_t i = 0; i < group.size(); ++i) {
      apply(model, std::as_const(group[i]));
      log.push_back(std::move(group[i]));
      segment.push_back({first + i, log.back().bytes()});
    }
    o.advance(first + 3);
    if (segment.size() < 40 && first + 4 < end) continue;
    loaded.load(segment, order)();
    loaded.advance(first + 3);
    segment.clear();
  }
  auto next = written.begin();
  const auto& l = o.growing();
  for (const auto* n = l.first_from({}); n != nullptr; n = n->next(), ++next)
    BOOST_TEST_REQUIRE((next != written.end() && n->key == testing::key(*next)));
  BOOST_TEST((next == written.end()));
  for (const auto& name : written) {
    const auto key = testing::key(name);
    const auto found = l.find(key, o.durable());
    const auto expected = model.find(name);
    BOOST_TEST_REQUIRE((found.is == finding::what::stored) == (expected != model.end()));
    if (expected != model.end())
      BOOST_TEST_REQUIRE(verified_value(key, found.stored).value() == expected->second);
    const auto again = loaded.growing().find(key, loaded.durable());
    BOOST_TEST_REQUIRE((again.is == found.is && again.stored == found.stored));
  }
  BOOST_TEST((loaded.growing().last() == l.last() && loaded.bytes() < o.bytes()));
}

BOOST_AUTO_TEST_CASE(the_sums_of_the_tables_are_those_of_their_keys) {
  temporary_folder folder;
  auto t = fresh_tables(folder);
  overlay o(0);
  o.apply(1, batch(w().put("\x02k", "1").put("\x02m", "2").put("\x03n", "3")).bytes());
  o.apply(2, batch(w().put("\x02k", "4").erase("\x02x")).bytes());
  o.advance(2);
  BOOST_TEST_REQUIRE(t->fold(*o.freeze(), 1, 2).has_value());
  BOOST_TEST((t->state().sums[2] == table_sum{2, key_hash("\x02k") + key_hash("\x02m")}));
  BOOST_TEST((t->state().sums[3] == table_sum{1, key_hash("\x03n")}));
  overlay again(2);
  again.apply(3, batch(w().erase("\x02m").erase_range("\x03", "\x04").put("\x02k", "5")).bytes());
  again.advance(3);
  BOOST_TEST_REQUIRE(t->fold(*again.freeze(), 1, 3).has_value());
  BOOST_TEST((t->state().sums[2] == table_sum{1, key_hash("\x02k")}));
  BOOST_TEST((t->state().sums[3] == table_sum{0, 0}));
}

// Slices of the count with folds between them, which add and erase on both sides of its place.
BOOST_AUTO_TEST_CASE(keys_are_counted_beside_folds) {
  int slices = 0;
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    std::mt19937_64 chance(seed);
    temporary_folder folder;
    auto t = fresh_tables(folder);
    position at = 0;
    const auto some_key = [&] {
      return std::string(1, static_cast<char>(2 + chance() % 3)) + std::to_string(chance() % 100);
    };
    const auto fold_some = [&] {
      overlay o(at);
      for (int i = 0; i < 20; ++i) {
        w writes;
        if (chance() % 3 != 0) writes.put(some_key(), "v");
        if (chance() % 3 == 0) writes.erase(some_key());
        if (chance() % 9 == 0) writes.erase_range(some_key(), "\x04z");
        o.apply(++at, batch(writes).bytes());
      }
      o.advance(at);
      return t->fold(*o.freeze(), 1, at).has_value();
    };
    BOOST_TEST_REQUIRE((fold_some() && fold_some()));
    for (;; ++slices) {
      const auto more = t->count_keys(7);
      if (!more) BOOST_TEST_ERROR("seed " << seed << ": " << more.error().text);
      if (!more || !*more) break;
      if (chance() % 2 == 0) BOOST_TEST_REQUIRE(fold_some());
    }
    BOOST_TEST_REQUIRE(fold_some());
  }
  BOOST_TEST(slices > 50);  // some began again beside a fold
}

BOOST_AUTO_TEST_SUITE_END()
