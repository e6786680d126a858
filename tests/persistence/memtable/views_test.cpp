// Views over layers that change under them (docs/architecture.md, rule 16).

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "persistence/lmdb/look.hpp"
#include "persistence/lmdb/tables.hpp"
#include "persistence/memtable/overlay.hpp"
#include "tests/persistence/stores.hpp"

using namespace reprise::persistence;
using namespace reprise::persistence::internal;
using namespace reprise::persistence::testing;

BOOST_AUTO_TEST_SUITE(views)

BOOST_AUTO_TEST_CASE(a_view_does_not_show_what_was_inserted_after_it) {
  overlay o(0);
  o.apply(1, batch(w().put("k", "old").put("m", "kept")).bytes());
  o.advance(1);
  const auto then = o.look();
  o.apply(2, batch(w().put("k", "new").erase("m").erase_range("n", "p")).bytes());
  BOOST_TEST(look_in_layers(ask({"k", "m"}), o.look())->values[0].value() == "old");
  o.advance(2);
  const auto before = look_in_layers(ask({"k", "m"}), then);
  BOOST_TEST(before->at == 1u);
  BOOST_TEST(before->values[0].value() == "old");
  BOOST_TEST(before->values[1].value() == "kept");
  const auto after = look_in_layers(ask({"k", "m", "o"}), o.look());
  BOOST_TEST(after->at == 2u);
  BOOST_TEST(after->values[0].value() == "new");
  BOOST_TEST(!after->values[1].has_value());
  BOOST_TEST(!look_in_layers(ask({"o"}), then).has_value());
}

BOOST_AUTO_TEST_CASE(a_view_keeps_a_layer_that_was_folded_and_dropped) {
  overlay o(0);
  o.apply(1, batch(w().put("k", "1")).bytes());
  o.advance(1);
  const auto then = o.look();
  o.drop(o.freeze());
  BOOST_TEST(look_in_layers(ask({"k"}), then)->values[0].value() == "1");
  BOOST_TEST(!look_in_layers(ask({"k"}), o.look()).has_value());
}

// Every group writes one number to all keys, by put or by erasing the whole range and putting
// again.
BOOST_AUTO_TEST_CASE(no_answer_is_torn_while_groups_are_committed_and_folded) {
  for (const auto mode : {fold_mode::background, fold_mode::every_group}) {
    temporary_folder folder;
    auto s = opened(small(folder.path(), mode));
    constexpr int keys = 12, groups = 400;
    const auto group_of = [](int n) {
      batch b;
      if (n % 3 == 0) b.erase_range(testing::key("k"), testing::key("l"));
      for (int i = 0; i < keys; ++i)
        b.put(testing::key("k" + std::to_string(i)), std::to_string(n));
      return std::vector<batch>{batch(), b};
    };
    commit(*s, group_of(0));
    std::atomic<bool> done{false};
    std::atomic<int> torn{0}, answers{0}, backwards{0};
    const auto reader = [&] {
      position last = 0;
      while (!done) {
        const auto a = s->read(ask({"k3", "k7"}, "k", "l"));
        std::set<std::string> numbers;
        for (const auto& e : a.entries) numbers.insert(e.second);
        for (const auto& v : a.values) numbers.insert(v.value_or("absent"));
        // Positions count two a group; what is shown is the group of `at` or half of the next.
        torn += numbers.size() != 1 || a.entries.size() != keys ||
                std::stoull(*numbers.begin()) != a.at / 2 - 1;
        backwards += a.at < last;
        last = a.at;
        ++answers;
      }
    };
    std::vector<std::thread> readers;
    for (int i = 0; i < 2; ++i) readers.emplace_back(reader);
    bool committed = true;
    for (int n = 1; committed && (n < groups || answers < 100); ++n)
      committed = committed && s->commit(s->durable() + 1, group_of(n)).has_value();
    done = true;
    for (auto& r : readers) r.join();
    BOOST_TEST(committed);
    BOOST_TEST(torn == 0);
    BOOST_TEST(backwards == 0);
    BOOST_TEST(answers > 0);
    s->close();
  }
}

BOOST_AUTO_TEST_SUITE_END()
