// Random work against a model, with the process dying at every kind of moment. Each seed is one
// round; REPRISE_SEED runs that one again, REPRISE_SECONDS goes on for so long.

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include "persistence/check.hpp"
#include "tests/persistence/stores.hpp"

using namespace reprise::persistence;
using namespace reprise::persistence::testing;

namespace {

struct died {};

batch random_batch(std::mt19937_64& random) {
  batch b;
  const auto name = [&] { return "k" + std::string(1, static_cast<char>('a' + random() % 20)); };
  for (auto writes = random() % 4; writes > 0; --writes) {
    const auto kind = random() % 10;
    if (kind < 6)
      b.put(key(name()), std::string(random() % 300, static_cast<char>('A' + random() % 26)));
    if (kind == 6 || kind == 7) b.erase(key(name()));
    if (kind > 7) {
      auto first = name(), last = name();
      if (first > last) std::swap(first, last);
      b.erase_range(key(first), key(last + "\xff"));
    }
  }
  return b;
}

// One life after the other over one folder; the model is what was acknowledged.
class round_of {
 public:
  explicit round_of(std::uint64_t seed) : random_(seed) {}

  void run() {
    for (int life = 0; life < 8; ++life) {
      auto o = small(folder_.path(), static_cast<fold_mode>(1 + random_() % 2));
      o.segment_bytes = 4096 << random_() % 3;
      deaths_left_ = random_() % 3 ? 3 + random_() % 120 : 0;  // 0: lives to the end
      o.at = [this](checkpoint) {
        if (deaths_left_ > 0 && --deaths_left_ == 0) throw died();
      };
      live(o);
    }
    const auto report = check_folder(folder_.path());
    BOOST_TEST_REQUIRE(report.has_value());
    for (const auto& f : report->findings) BOOST_TEST_ERROR(f);
  }

 private:
  void live(const lmdb_options& o) {
    auto s = opened(o);
    after_death(*s);
    BOOST_TEST_REQUIRE((s->term() > term_));
    term_ = s->term();
    try {
      for (auto groups = random_() % 25; groups > 0; --groups) {
        std::vector<batch> group;
        for (auto size = 1 + random_() % 4; size > 0; --size)
          group.push_back(random_batch(random_));
        maybe_ = acknowledged_;
        for (const auto& b : group) apply(maybe_, b);
        maybe_last_ = last_ + group.size();
        commit(*s, group);
        acknowledged_ = maybe_;
        last_ = maybe_last_;
        if (random_() % 8 == 0) BOOST_TEST_REQUIRE(fold_now(*s).has_value());
        BOOST_TEST_REQUIRE((all(*s) == acknowledged_));
      }
      if (random_() % 2) s->close();
    } catch (const died&) {
    }
  }

  // What was being committed is there whole or not at all; what was acknowledged is there.
  void after_death(store& s) {
    if (s.durable() == maybe_last_ && maybe_last_ > last_) {
      acknowledged_ = maybe_;
      last_ = maybe_last_;
    }
    BOOST_TEST_REQUIRE(s.durable() == last_);
    BOOST_TEST_REQUIRE((all(s) == acknowledged_));
  }

  std::mt19937_64 random_;
  temporary_folder folder_;
  std::uint64_t deaths_left_ = 0;
  record_map acknowledged_, maybe_;
  position last_ = 0, maybe_last_ = 0;
  term term_ = 0;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(crashes)

BOOST_AUTO_TEST_CASE(random_work_is_there_whole_or_not_at_all_after_every_death) {
  const char* seconds = std::getenv("REPRISE_SECONDS");
  const char* only = std::getenv("REPRISE_SEED");
  const std::uint64_t first = only ? std::strtoull(only, nullptr, 10) : 1;
  const auto until =
      std::chrono::steady_clock::now() + std::chrono::seconds(seconds ? std::atoi(seconds) : 0);
  std::uint64_t rounds = 0;
  do {
    BOOST_TEST_CONTEXT("REPRISE_SEED=" << first + rounds) { round_of(first + rounds).run(); }
    ++rounds;
  } while (!only && (rounds < 60 || std::chrono::steady_clock::now() < until));
  std::printf("crashes: %llu rounds of 8 lives from seed %llu\n",
              static_cast<unsigned long long>(rounds), static_cast<unsigned long long>(first));
}

// The crash sweep for the store alone: at each checkpoint of a short script.
BOOST_AUTO_TEST_CASE(a_death_at_every_checkpoint_of_a_script_loses_nothing_acknowledged) {
  // What was acknowledged after each group, from none on; the last is of the one that is under way.
  const auto script = [](store& s, std::vector<record_map>& states) {
    states.push_back({});
    for (int i = 0; i < 6; ++i) {
      const batch b = i == 3 ? batch(w().erase_range("k1", "k3").put("k2", "again"))
                             : batch(w().put("k" + std::to_string(i), std::string(900, 'x')));
      states.push_back(states.back());
      apply(states.back(), b);
      commit(s, {b});
    }
  };
  int checkpoints = 0;
  for (int death = 1;; ++death) {
    temporary_folder folder;
    auto o = small(folder.path(), fold_mode::every_group);
    o.segment_bytes = 4096;
    int left = death;
    o.at = [&](checkpoint) {
      if (--left == 0) throw died();
    };
    std::vector<record_map> states;
    try {
      auto s = opened(o);
      script(*s, states);
    } catch (const died&) {
    }
    if (left > 0) break;
    ++checkpoints;
    o.at = nullptr;
    auto s = opened(o);
    // The one under way is whole or not there; none before it is lost.
    BOOST_TEST_REQUIRE((s->durable() + 1 == states.size() || s->durable() + 2 == states.size()));
    BOOST_TEST((all(*s) == states[s->durable()]));
    BOOST_TEST(check_folder(folder.path()).has_error());  // it is open
    s->close();
    s.reset();
    const auto report = check_folder(folder.path());
    BOOST_TEST_REQUIRE(report.has_value());
    BOOST_TEST(report->findings.empty());
  }
  BOOST_TEST(checkpoints == 36);  // six groups, six checkpoints
}

BOOST_AUTO_TEST_SUITE_END()
