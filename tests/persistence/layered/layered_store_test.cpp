// What a store of log, overlay and tables promises over any log and any tables: in which order it
// writes, flushes, shows, folds and frees, and what remains when one of them fails.

#include "persistence/layered/layered_store.hpp"

#include <boost/test/unit_test.hpp>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "tests/persistence/layered/fake_parts.hpp"
#include "tests/persistence/stores.hpp"

using namespace reprise::persistence;
using namespace reprise::persistence::internal;
using namespace reprise::persistence::testing;

namespace {

using names = std::vector<std::string>;

// A store over a disk that outlives it.
class layered_subject {
 public:
  explicit layered_subject(layered_options how = by_hand()) : how_(std::move(how)) { open(); }

  static layered_options by_hand() {
    layered_options how;
    how.fold.mode = fold_mode::by_hand;
    how.loads = load_mode::by_caller;
    return how;
  }

  layered_store* operator->() { return store_.get(); }
  layered_store& operator*() { return *store_; }
  // The process dies and starts again, with what was flushed.
  void crash() {
    store_.reset();
    faults = {};
    open();
  }
  // What was done since this was last asked.
  names done() { return std::exchange(disk.done, {}); }

  fake_disk disk;
  fake_faults faults;

 private:
  void open() {
    store_parts parts;
    parts.log = std::make_unique<fake_log>(disk, faults);
    parts.tables = std::make_unique<fake_tables>(disk, faults);
    parts.above = std::make_unique<overlay>(disk.folded);
    for (const auto& [at, b] : disk.log)
      if (at > disk.folded) parts.above->apply(at, b.bytes()), parts.unfolded += b.bytes().size();
    parts.above->advance(disk.last);
    parts.term = disk.term;
    auto opened = layered_store::open(std::move(parts), how_);
    BOOST_TEST_REQUIRE(opened.has_value());
    store_ = std::move(*opened);
    disk.done.clear();
  }

  layered_options how_;
  std::unique_ptr<layered_store> store_;
};

errc code_of(const result<void>& r) {
  BOOST_TEST_REQUIRE(!r.has_value());
  return r.error().code;
}

result<void> try_commit(store& s, const batch& b) { return s.commit(s.durable() + 1, {&b, 1}); }

}  // namespace

BOOST_AUTO_TEST_SUITE(layered_stores)

BOOST_AUTO_TEST_CASE(a_group_is_shown_when_it_is_flushed_and_not_before) {
  layered_subject s;
  commit(*s, {w().put("k", "old")});
  position shown = 0;
  std::string value;
  s.faults.in_flush = [&] { shown = s->durable(), value = get(*s, "k").value_or("absent"); };
  commit(*s, {w().put("k", "new"), w().put("m", "new")});
  BOOST_TEST(shown == 1u);
  BOOST_TEST(value == "old");
  BOOST_TEST(s->durable() == 3u);
  BOOST_TEST(get(*s, "k").value() == "new");
  BOOST_TEST((s.done() == names{"write 1", "flush", "write 2", "flush"}));
}

BOOST_AUTO_TEST_CASE(a_group_that_was_not_written_is_nowhere_and_its_positions_are_used_again) {
  layered_subject s;
  names told;
  s->watch({.room = [&] { told.push_back("room"); },
            .full = [&](const fault&) { told.push_back("full"); }});
  s.faults.write = errc::full;
  BOOST_TEST((code_of(try_commit(*s, w().put("k", "lost"))) == errc::not_written));
  BOOST_TEST((s->durable() == 0u && !get(*s, "k")));
  BOOST_TEST(s->load_state().full);
  s.faults.write.reset();
  const auto before = s->term();
  BOOST_TEST_REQUIRE(s->begin_term().has_value());
  BOOST_TEST((s->term() > before && s.disk.term == s->term()));
  commit(*s, {w().put("k", "kept")});
  BOOST_TEST((s->durable() == 1u && get(*s, "k").value() == "kept"));
  BOOST_TEST(s->must_wait());  // the log has taken no spare yet
  BOOST_TEST_REQUIRE(s->fold().has_value());
  BOOST_TEST((!s->must_wait() && told == names{"full", "room"}));
}

BOOST_AUTO_TEST_CASE(a_failed_flush_stops_the_store_so_that_it_shows_takes_and_folds_nothing) {
  layered_subject s;
  commit(*s, {w().put("k", "kept")});
  s.faults.flush = errc::unknown;
  BOOST_TEST((code_of(try_commit(*s, w().put("k", "perhaps"))) == errc::unknown));
  s.faults.flush.reset();
  s.done();
  BOOST_TEST((code_of(try_commit(*s, w().put("k", "never"))) == errc::failed));
  BOOST_TEST((s->begin_term().error().code == errc::failed));
  BOOST_TEST((code_of(s->fold()) == errc::failed));
  BOOST_TEST((s->read(ask({"k"})).error->code == errc::failed));
  s->close();
  BOOST_TEST(s.done().empty());
  s.crash();
  BOOST_TEST((s->durable() == 1u && get(*s, "k").value() == "kept"));
}

BOOST_AUTO_TEST_CASE(a_fold_takes_what_is_durable_and_the_log_is_freed_behind_it) {
  layered_subject s;
  commit(*s, {w().put("k", "1"), w().put("m", "1")});
  s.done();
  BOOST_TEST_REQUIRE(s->fold().has_value());
  BOOST_TEST((s.done() == names{"fold 2", "free 2"}));
  BOOST_TEST(s->load_state().log_bytes == 0u);
  BOOST_TEST_REQUIRE(s->fold().has_value());  // there is nothing to fold
  BOOST_TEST(s.done().empty());
  BOOST_TEST((s->durable() == 2u && get(*s, "m").value() == "1"));
}

BOOST_AUTO_TEST_CASE(no_fold_is_ahead_of_the_log_while_groups_are_committed) {
  auto how = layered_subject::by_hand();
  how.fold.mode = fold_mode::background;
  how.fold.records = 1;
  layered_subject s(how);
  s.faults.in_flush = [] { std::this_thread::yield(); };  // so that folds begin during a flush
  for (int i = 0; i < 300; ++i)
    commit(*s, {w().put("a", std::to_string(i)), w().put("b", std::to_string(i))});
  s->close();
  BOOST_TEST((s.disk.crossed == names{}));
  BOOST_TEST((s.disk.folded == 600u && s.disk.log.empty()));
}

BOOST_AUTO_TEST_CASE(tables_without_room_keep_their_layer_and_take_it_before_the_next) {
  layered_subject s;
  commit(*s, {w().put("k", "1")});
  s.faults.fold = errc::full;
  BOOST_TEST((code_of(s->fold()) == errc::full));
  commit(*s, {w().put("k", "2"), w().put("m", "2")});
  BOOST_TEST((get(*s, "k").value() == "2" && !s->must_wait()));
  s.done();
  s.faults.fold.reset();
  BOOST_TEST_REQUIRE(s->fold().has_value());
  BOOST_TEST((s.done() == names{"fold 1", "free 1", "fold 3", "free 3"}));
  BOOST_TEST(get(*s, "k").value() == "2");
}

BOOST_AUTO_TEST_CASE(tables_that_fail_stop_the_store_and_free_nothing) {
  layered_subject s;
  names told;
  s->watch({.stopped = [&](const fault& why) { told.push_back(why.text); }});
  commit(*s, {w().put("k", "1")});
  s.done();
  s.faults.fold = errc::io;
  BOOST_TEST((code_of(s->fold()) == errc::io));
  BOOST_TEST((code_of(s->fold()) == errc::failed));
  BOOST_TEST((code_of(try_commit(*s, w().put("k", "2"))) == errc::failed));
  BOOST_TEST((told == names{"the store has stopped: injected"}));
  BOOST_TEST(s.done().empty());
  s.crash();
  BOOST_TEST((s->durable() == 1u && get(*s, "k").value() == "1"));
}

BOOST_AUTO_TEST_CASE(a_log_ahead_of_its_tables_is_served_and_folded_from_where_they_stand) {
  layered_subject s;
  commit(*s, {w().put("k", "1").put("m", "1")});
  BOOST_TEST_REQUIRE(s->fold().has_value());
  commit(*s, {w().put("k", "2"), w().erase("m").put("n", "2")});
  const auto before = s->term();
  s.crash();
  BOOST_TEST((s->term() > before && s.disk.term == s->term()));
  BOOST_TEST(s->durable() == 3u);
  BOOST_TEST((get(*s, "k").value() == "2" && !get(*s, "m") && get(*s, "n").value() == "2"));
  BOOST_TEST(s->load_state().log_bytes > 0u);
  BOOST_TEST_REQUIRE(s->fold().has_value());
  BOOST_TEST((s.done() == names{"fold 3", "free 3"}));
  BOOST_TEST((s.disk.crossed == names{}));
  BOOST_TEST((s.disk.records.size() == 2u && s->load_state().log_bytes == 0u));
}

BOOST_AUTO_TEST_CASE(a_log_that_is_too_far_ahead_lets_turns_wait_from_the_open_on) {
  auto how = layered_subject::by_hand();
  how.log_limit = 100;
  layered_subject s(how);
  commit(*s, {w().put("k", std::string(200, 'x'))});
  s.crash();
  BOOST_TEST(s->must_wait());
  BOOST_TEST_REQUIRE(s->fold().has_value());
  BOOST_TEST(!s->must_wait());
}

BOOST_AUTO_TEST_CASE(a_death_between_fold_and_free_folds_nothing_twice) {
  struct died {};
  auto how = layered_subject::by_hand();
  bool dies = true;
  how.at = [&](checkpoint c) {
    if (dies && c == checkpoint::folded) throw died();
  };
  layered_subject s(how);
  commit(*s, {w().put("k", "1")});
  BOOST_CHECK_THROW(static_cast<void>(s->fold()), died);
  dies = false;
  BOOST_TEST(s.disk.log.size() == 1u);
  s.crash();
  BOOST_TEST((s->durable() == 1u && get(*s, "k").value() == "1"));
  BOOST_TEST_REQUIRE(s->fold().has_value());
  BOOST_TEST(s.done().empty());
}

BOOST_AUTO_TEST_CASE(a_view_that_a_fold_has_overtaken_is_taken_again) {
  layered_subject s;
  commit(*s, {w().put("k", "old")});
  BOOST_TEST_REQUIRE(s->fold().has_value());
  bool overtaken = false;
  s.faults.in_read = [&] {  // after the view was taken, before the tables are read
    if (std::exchange(overtaken, true)) return;
    commit(*s, {w().put("k", "new")});
    BOOST_TEST_REQUIRE(s->fold().has_value());
  };
  const auto answer = s->read(ask({"k"}));
  BOOST_TEST((answer.at == 2u && answer.values.front().value() == "new"));
}

BOOST_AUTO_TEST_SUITE_END()
