// Instances that have ended are found by an index of the ends, and leave nothing behind.

#include <boost/test/unit_test.hpp>

#include <algorithm>

#include "persistence/batch.hpp"
#include "persistence/keys.hpp"
#include "runtime/node/engine.hpp"
#include "tests/support/family.hpp"

using namespace reprise;
using namespace reprise::testing;
using namespace reprise::testing::family;
using namespace std::chrono_literals;

namespace keys = persistence::keys;

namespace {

constexpr retention all_for_a_day{.completed = 24h, .failed = 24h, .terminated = 24h};

// What a program of before, or a hand, did to the disk between two processes.
void change_disk(world& w, const std::function<void(persistence::batch&)>& how) {
  if (w.up()) w.crash();
  w.wrap([how](std::unique_ptr<persistence::store> inner) {
    std::vector<persistence::batch> group(1);
    how(group.back());
    BOOST_REQUIRE(static_cast<bool>(inner->commit(inner->durable() + 1, group)));
    return inner;
  });
  w.open();
  w.wrap({});
}

void forget_index(persistence::batch& b) {
  const auto all = keys::whole(persistence::table::listing);
  b.erase_range(all.first, all.second);
  b.erase(keys::meta("ended-listed"));
}

void keep(world& w, retention r) {
  w.keep(r);
  w.crash();
  w.open();
}

void run_many(world& w, int count) {
  for (int i = 0; i < count; ++i)
    w.at().start(kid.as("k" + std::to_string(i), "x"), {}, [](const auto&) {});
  w.run();
}

// Counts what is read of headers in ranges: what a look at everything would be.
class watching_store final : public persistence::store {
 public:
  watching_store(std::unique_ptr<store> inner, std::size_t& seen)
      : inner_(std::move(inner)), seen_(seen) {}
  persistence::term term() const override { return inner_->term(); }
  persistence::position durable() const override { return inner_->durable(); }
  persistence::result<void> commit(persistence::position first,
                                   std::span<const persistence::batch> group) override {
    return inner_->commit(first, group);
  }
  persistence::result<persistence::term> begin_term() override { return inner_->begin_term(); }
  void load(persistence::load_request what,
            std::function<void(persistence::load_answer)> done) override {
    done(read(what));
  }
  persistence::load_answer read(const persistence::load_request& what) override {
    auto a = inner_->read(what);
    for (const auto& [key, value] : a.entries) seen_ += keys::read_instance(key).has_value();
    return a;
  }
  persistence::store_load load_state() const override { return inner_->load_state(); }
  bool must_wait() const noexcept override { return inner_->must_wait(); }
  void watch(persistence::store_events e) override { inner_->watch(std::move(e)); }
  void close() override { inner_->close(); }

 private:
  std::unique_ptr<store> inner_;
  std::size_t& seen_;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(ended_instances)

BOOST_AUTO_TEST_CASE(the_index_of_ended_instances_follows_every_change_of_an_end) {
  world w(1, disk::memory, bound);
  const auto run_and_count = [&] {
    w.run();
    return w.count(persistence::table::listing);
  };
  w.start(kid.as("a", "x"));
  BOOST_TEST(run_and_count() == 1u);
  w.start(kid.as("a", "wait"));  // over the one that ended
  BOOST_TEST(run_and_count() == 0u);
  BOOST_TEST(static_cast<bool>(*w.terminate("a", "enough")));
  BOOST_TEST(run_and_count() == 1u);
  BOOST_TEST(static_cast<bool>(restart(w, "a", "b")));
  BOOST_TEST(run_and_count() == 1u);
  BOOST_TEST(static_cast<bool>(restart(w, "a", "a")));
  BOOST_TEST(run_and_count() == 0u);
  broken("y", true);
  w.start(kid.as("c", "y"));
  BOOST_TEST(run_and_count() == 1u);
  BOOST_TEST(static_cast<bool>(suspend(w, "b")));
  broken("y", false);
  BOOST_TEST(static_cast<bool>(rewind(w, "c")));
  BOOST_TEST(run_and_count() == 1u);  // it has completed
  BOOST_TEST(static_cast<bool>(purge(w, "c")));
  BOOST_TEST(run_and_count() == 0u);
  w.start(purse.as("p", number{0}));
  w.raise(coin.to("p", 1));
  w.raise(coin.to("p", 0));
  BOOST_TEST(run_and_count() == 1u);
}

BOOST_AUTO_TEST_CASE(an_instance_that_is_not_to_go_is_not_looked_at) {
  std::size_t headers = 0;
  world w(2, disk::memory, bound, world::begins::down);
  w.wrap([&](std::unique_ptr<persistence::store> inner) {
    return std::make_unique<watching_store>(std::move(inner), headers);
  });
  w.keep(all_for_a_day);
  w.open();
  for (int i = 0; i < 200; ++i) w.start(kid.as("w" + std::to_string(i), "wait"));
  w.run();
  w.advance(1h);  // the index is known to be whole
  headers = 0;
  run_many(w, 10);
  w.advance(10 * 24h);
  BOOST_TEST(headers == 0u);
  BOOST_TEST(w.count(persistence::table::instances) == 200u);
  BOOST_TEST(w.count(persistence::table::listing) == 0u);
}

// Killed at any point of it, too.
BOOST_AUTO_TEST_CASE(a_folder_without_the_index_is_listed_once) {
  for (std::uint64_t steps = 0; steps < 60; steps += 10) {
    world w(3, disk::memory, bound);
    run_many(w, 2'100);
    w.start(kid.as("w", "wait"));
    w.run();
    w.keep(all_for_a_day);
    change_disk(w, forget_index);
    BOOST_TEST(w.count(persistence::table::listing) == 0u);
    w.advance(9min);
    for (std::uint64_t i = 0; i < 100 + steps; ++i)
      if (!w.step()) w.executor().advance_to_alarm();
    keep(w, all_for_a_day);
    w.advance(1h);
    BOOST_TEST(w.count(persistence::table::listing) == 2'100u);
    w.advance(24h);
    BOOST_TEST(w.count(persistence::table::instances) == 1u);
    BOOST_TEST(w.count(persistence::table::history) < 5u);
    BOOST_TEST(w.count(persistence::table::listing) == 0u);
  }
}

// It says that something ended that never was, or runs, or ended at another time.
BOOST_AUTO_TEST_CASE(an_entry_that_is_left_over_goes_alone) {
  world w(4, disk::memory, bound);
  w.start(kid.as("runs", "wait"));
  w.start(kid.as("ended", "x"));
  w.run();
  w.keep({.completed = 100 * 24h});
  change_disk(w, [&](persistence::batch& b) {
    const auto long_ago = (w.now() - 365 * 24h).time_since_epoch().count();
    for (const auto* id : {"never was", "runs", "ended"}) b.put(keys::ended(1, long_ago, id), "");
  });
  BOOST_TEST(w.count(persistence::table::listing) == 4u);
  w.advance(24h);
  BOOST_TEST(w.count(persistence::table::listing) == 1u);
  BOOST_TEST(w.count(persistence::table::instances) == 2u);
  w.advance(100 * 24h);
  BOOST_TEST(w.count(persistence::table::listing) == 0u);
  BOOST_TEST(w.count(persistence::table::instances) == 1u);
}

BOOST_AUTO_TEST_CASE(each_way_to_end_is_kept_for_its_time) {
  world w(5, disk::memory, bound);
  keep(w, {.completed = 24h, .failed = 48h, .terminated = 72h});
  run_many(w, 3);
  broken("y", true);
  w.start(kid.as("failed", "y"));
  w.start(kid.as("terminated", "wait"));
  w.run();
  broken("y", false);
  BOOST_TEST(static_cast<bool>(*w.terminate("terminated", "enough")));
  for (const std::size_t left : {5u, 2u, 1u, 0u}) {
    BOOST_TEST(w.count(persistence::table::instances) == left);
    w.advance(23h + 50min);
    BOOST_TEST(w.count(persistence::table::instances) == left);
    w.advance(10min + 5min);
  }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(hosts_leave)

BOOST_AUTO_TEST_CASE(an_ended_instance_leaves_nothing_in_memory) {
  world w(1, disk::memory, bound);
  run_many(w, 50);
  BOOST_TEST(w.engine().hosts.size() == 0u);
  BOOST_TEST(w.at().operate().figures().resident_bytes == 0u);
  w.start(kid.as("w", "wait"));
  w.run();
  BOOST_TEST(w.engine().hosts.size() == 1u);
  BOOST_TEST(static_cast<bool>(*w.terminate("w", "enough")));
  w.run();
  BOOST_TEST(w.engine().hosts.size() == 0u);
  BOOST_TEST(!*w.terminate("w", "enough"));  // it was looked up, and has nothing to stay for
  BOOST_TEST(static_cast<bool>(purge(w, "w")));
  w.advance(5min);
  BOOST_TEST(w.engine().hosts.size() == 0u);
}

BOOST_AUTO_TEST_CASE(resting_hosts_leave_when_there_are_very_many) {
  for (const std::size_t limit : {49u, 50u}) {
    world w(2, disk::memory, bound, world::begins::down);
    w.hosts(limit);
    w.open();
    for (int i = 0; i < 50; ++i) w.start(purse.as("p" + std::to_string(i), number{0}));
    w.run();
    w.advance(2min);
    BOOST_TEST(w.engine().hosts.size() == 50u);
    for (int i = 0; i < 20; ++i) {
      w.raise(coin.to("p7", 1));
      w.advance(20s);
    }
    BOOST_TEST(w.engine().hosts.size() == (limit == 50 ? 50u : 1u));
    for (int i = 0; i < 50; ++i) w.raise(coin.to("p" + std::to_string(i), 0));
    w.run();
    BOOST_TEST(end_of(w, "p7") == "completed: 20");
    BOOST_TEST(end_of(w, "p8") == "completed: 0");
  }
}

BOOST_AUTO_TEST_SUITE_END()
