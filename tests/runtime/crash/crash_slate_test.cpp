// What a slate says to the next process, with threads and files as they are.

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <latch>
#include <string>
#include <thread>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "actors/limits.hpp"
#include "runtime/crash.hpp"
#include "runtime/crash/crash_slate.hpp"

using namespace reprise;
using runtime::crash_slate;
using runtime::record_name;
using occupation = runtime::crash_slate::occupation;

namespace {

struct file {
  file() {
    std::string name = (std::filesystem::temp_directory_path() / "reprise-slate-XXXXXX").string();
    folder = ::mkdtemp(name.data());
    path = folder + "/crashes";
  }
  ~file() { std::filesystem::remove_all(folder); }
  std::string folder, path;
};

address actor_at(std::string key) { return {address_kind::actor, "tally", std::move(key)}; }
record_name message(std::uint64_t n) {
  return {{7, n, 1}, {}, record_name::table::messages, runtime::lane::ordinary};
}
const time_point started = time_point(duration(42));

// Runs in a process that ends without unwinding, as one that is killed.
template <class F>
void in_a_process_that_dies(F f) {
  const pid_t child = ::fork();
  if (child == 0) {
    f();
    ::_exit(0);
  }
  ::waitpid(child, nullptr, 0);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(slate)

BOOST_AUTO_TEST_CASE(a_crash_mark_tells_the_next_process_what_ran) {
  file f;
  in_a_process_that_dies([&] {
    const auto s = crash_slate::open(f.path);
    const occupation here(s.get(), actor_at("a"), message(3), started);
    mark_crash();
    ::_exit(0);
  });
  const auto left = crash_slate::open(f.path)->read();
  BOOST_TEST_REQUIRE(left.running.size() == 1u);
  const auto& e = left.running.front();
  BOOST_TEST((e.who == actor_at("a")));
  BOOST_TEST((e.what.id == runtime::message_id{7, 3, 1}));
  BOOST_TEST((e.what.in == record_name::table::messages));
  BOOST_TEST((e.what.lane == runtime::lane::ordinary));
  BOOST_TEST((e.started == started));
  BOOST_TEST(e.marked);
  BOOST_TEST(!left.unowned);
}

BOOST_AUTO_TEST_CASE(a_death_without_a_mark_leaves_an_unmarked_entry) {
  file f;
  in_a_process_that_dies([&] {
    const auto s = crash_slate::open(f.path);
    const occupation here(s.get(), actor_at("a"), message(3), started);
    ::_exit(0);
  });
  const auto left = crash_slate::open(f.path)->read();
  BOOST_TEST_REQUIRE(left.running.size() == 1u);
  BOOST_TEST(!left.running.front().marked);
  BOOST_TEST(!left.unowned);
}

BOOST_AUTO_TEST_CASE(a_turn_that_ended_is_not_on_the_slate) {
  const auto s = crash_slate::in_memory();
  {
    const occupation here(s.get(), actor_at("a"), message(1), started);
    BOOST_TEST(in_user_code());
    BOOST_TEST(s->read().running.size() == 1u);
  }
  BOOST_TEST(!in_user_code());
  BOOST_TEST(s->read().running.empty());
}

BOOST_AUTO_TEST_CASE(only_the_thread_that_died_is_marked) {
  const auto s = crash_slate::in_memory();
  std::latch all_run(4), marked(1);
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&, i] {
      const occupation here(s.get(), actor_at(std::to_string(i)), message(1), started);
      all_run.arrive_and_wait();
      if (i == 2) {
        mark_crash();
        marked.count_down();
      }
      marked.wait();
    });
  marked.wait();
  threads.clear();
  const auto left = s->read();
  BOOST_TEST_REQUIRE(left.running.size() ==
                     1u);  // a marked slot stays, the others ended their turns
  BOOST_TEST((left.running.front().who == actor_at("2")));
  BOOST_TEST(left.running.front().marked);
}

BOOST_AUTO_TEST_CASE(a_crash_mark_outside_of_user_code_has_no_owner) {
  const auto s = crash_slate::in_memory();
  mark_crash();
  BOOST_TEST(s->read().unowned);
  s->wipe();
  BOOST_TEST(!s->read().unowned);
}

BOOST_AUTO_TEST_CASE(a_child_that_dies_does_not_mark_its_parent) {
  const auto s = crash_slate::in_memory();
  const occupation here(s.get(), actor_at("a"), message(1), started);
  in_a_process_that_dies([] { mark_crash(); });
  const auto left = s->read();
  BOOST_TEST_REQUIRE(left.running.size() == 1u);
  BOOST_TEST(!left.running.front().marked);
  BOOST_TEST(!left.unowned);
}

BOOST_AUTO_TEST_CASE(a_thread_that_ends_gives_its_slot_to_another) {
  const auto s = crash_slate::in_memory();
  for (std::size_t i = 0; i < 2 * crash_slate::slots; ++i)
    std::jthread([&] {
      const occupation here(s.get(), actor_at("a"), message(1), started);
      if (s->read().running.size() != 1) std::abort();
    }).join();
  BOOST_TEST(s->read().running.empty());
}

BOOST_AUTO_TEST_CASE(a_thread_beyond_the_slots_runs_without_a_slot) {
  const auto s = crash_slate::in_memory();
  const auto most = crash_slate::slots + 1;
  std::latch all_run(static_cast<std::ptrdiff_t>(most)), looked(1);
  std::vector<std::jthread> threads;
  for (std::size_t i = 0; i < most; ++i)
    threads.emplace_back([&] {
      const occupation here(s.get(), actor_at("a"), message(1), started);
      all_run.count_down();
      looked.wait();
    });
  all_run.wait();
  BOOST_TEST(s->read().running.size() == crash_slate::slots);
  looked.count_down();
}

BOOST_AUTO_TEST_CASE(a_turn_that_hangs_is_named_once_and_an_activity_never) {
  const auto s = crash_slate::in_memory();
  const auto later = started + duration(1);
  {
    const occupation here(s.get(), actor_at("a"), message(1), started);
    BOOST_TEST(s->hanging(started).empty());
    const auto first = s->hanging(later);
    BOOST_TEST_REQUIRE(first.size() == 1u);
    BOOST_TEST((first.front().who == actor_at("a")));
    BOOST_TEST(s->hanging(later).empty());
  }
  BOOST_TEST(s->hanging(later + duration(1)).empty());
  {
    const occupation next(s.get(), actor_at("b"), message(2), later);
    BOOST_TEST(s->hanging(later + duration(1)).size() == 1u);
  }
  auto activity = message(1);
  activity.in = record_name::table::requests;
  const occupation last(s.get(), actor_at("c"), activity, started);
  BOOST_TEST(s->hanging(later).empty());
}

BOOST_AUTO_TEST_CASE(the_longest_address_fits) {
  const auto s = crash_slate::in_memory();
  const address longest{address_kind::actor, std::string(max_name, 't'), std::string(max_key, 'k')};
  const occupation here(s.get(), longest, message(1), started);
  BOOST_TEST((s->read().running.front().who == longest));
}

BOOST_AUTO_TEST_CASE(a_file_of_something_else_is_made_again) {
  file f;
  for (const std::size_t size : {std::size_t{0}, std::size_t{100}, std::size_t{98368}}) {
    std::ofstream(f.path, std::ios::binary) << std::string(size, 'x');
    const auto s = crash_slate::open(f.path);
    BOOST_TEST_REQUIRE(!!s);
    BOOST_TEST(s->read().running.empty());
    BOOST_TEST(!s->read().unowned);
  }
}

BOOST_AUTO_TEST_CASE(a_folder_that_takes_no_file_gives_none) {
  BOOST_TEST(!crash_slate::open("/nonexistent-folder/crashes"));
}

BOOST_AUTO_TEST_SUITE_END()
