// Full disks and failing ones (docs/architecture.md, rule 10). A small file system is mounted in a
// child process; where that is not allowed the case says so and passes.

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <csignal>
#include <cstdio>
#include <functional>
#include <future>
#include <string>

#include "persistence/lmdb_store.hpp"
#include "tests/persistence/stores.hpp"

using namespace reprise::persistence;
using namespace reprise::persistence::testing;

namespace {

constexpr int not_allowed = 77;

// Runs `script` in a child whose `folder` is a file system of `bytes`; gives what it returned. In
// the child nothing of Boost.Test is used: a script returns the number of the expectation that
// failed.
int in_small_filesystem(const std::string& folder, const std::string& bytes,
                        const std::function<int()>& script) {
  const auto child = ::fork();
  BOOST_TEST_REQUIRE(child >= 0);
  if (child == 0) {
    if (::unshare(CLONE_NEWNS) != 0 && ::unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0)
      ::_exit(not_allowed);
    ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr);
    if (::mount("tmpfs", folder.c_str(), "tmpfs", 0, ("size=" + bytes).c_str()) != 0)
      ::_exit(not_allowed);
    ::_exit(script());
  }
  int status = 0;
  BOOST_TEST_REQUIRE(::waitpid(child, &status, 0) == child);
  BOOST_TEST(WIFEXITED(status));
  const int code = WEXITSTATUS(status);
  if (code == not_allowed) BOOST_TEST_MESSAGE("no mount allowed here: not tested");
  return code == not_allowed ? 0 : code;
}

#define EXPECT(holds)                                        \
  if (!(holds)) {                                            \
    std::fprintf(stderr, "line %d: " #holds "\n", __LINE__); \
    return 1;                                                \
  }

// Takes all the room there is; gives it back when it is made again.
class ballast {
 public:
  explicit ballast(const temporary_folder& folder) : path_(folder / "ballast") { take(); }
  void take() {
    const int fd = ::open(path_.c_str(), O_CREAT | O_APPEND | O_WRONLY, 0644);
    const std::string zeros(1 << 12, '\0');
    while (::write(fd, zeros.data(), zeros.size()) > 0) continue;
    ::close(fd);
  }
  void give_back_but(long bytes) { static_cast<void>(::truncate(path_.c_str(), bytes)); }

 private:
  const std::string path_;
};

batch kilobytes(int n, const std::string& name) {
  return w().put(name, std::string(static_cast<std::size_t>(n) << 10, 'x'));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(full_disks)

BOOST_AUTO_TEST_CASE(a_segment_that_cannot_be_made_is_not_written_and_a_probe_writes_again) {
  temporary_folder folder;
  const auto script = [&] {
    auto o = small(folder.path());
    o.segment_bytes = 256 << 10;
    auto s = open_lmdb_store(o);
    EXPECT(s.has_value());
    const auto ballast = folder / "ballast";
    const int fd = ::open(ballast.c_str(), O_CREAT | O_WRONLY, 0644);
    const std::string zeros(1 << 12, '\0');
    while (::write(fd, zeros.data(), zeros.size()) > 0) continue;
    ::close(fd);
    auto& st = **s;
    const auto first_term = st.term();
    int written = 0;
    for (;; ++written) {
      const batch b = kilobytes(50, "k" + std::to_string(written));
      const auto done = st.commit(st.durable() + 1, {&b, 1});
      if (done) continue;
      EXPECT(done.error().code == errc::not_written);
      EXPECT(done.error().text.find("make room") != std::string::npos);
      break;
    }
    EXPECT(written == 5);  // a segment
    EXPECT(st.durable() == 5);
    const auto at_least = st.read(ask({"k4", "k5"}));
    EXPECT(at_least.values[0] && !at_least.values[1]);  // reads go on, and show nothing of it
    // The probe is small: it fits, but not the next big group.
    auto begun = st.begin_term();
    EXPECT(begun.has_value() && *begun > first_term);
    const batch again = kilobytes(50, "k5");
    EXPECT(st.commit(6, {&again, 1}).error().code == errc::not_written);
    ::unlink(ballast.c_str());
    EXPECT(st.begin_term().has_value());
    EXPECT(st.commit(6, {&again, 1}).has_value());
    const auto last_term = st.term();
    s->reset();
    s = open_lmdb_store(o);
    EXPECT(s.has_value() && (*s)->durable() == 6 && (*s)->term() > last_term);
    EXPECT((*s)->read(ask({"k5"})).values[0].has_value());
    return 0;
  };
  BOOST_TEST(in_small_filesystem(folder.path(), "2m", script) == 0);
}

// A prewritten segment has its blocks; a hole is made in it, as a file system that never overwrites
// has them.
BOOST_AUTO_TEST_CASE(a_frame_that_was_written_in_part_is_not_written_and_never_seen) {
  temporary_folder folder;
  const auto script = [&] {
    auto o = small(folder.path());
    o.segment_bytes = 256 << 10;
    auto s = open_lmdb_store(o);
    EXPECT(s.has_value());
    auto& st = **s;
    const batch b = kilobytes(50, "k");
    EXPECT(st.commit(1, {&b, 1}).has_value());
    const auto path = segments(folder.path()).front();
    const int segment = ::open(path.c_str(), O_RDWR);
    EXPECT(::fallocate(segment, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 64 << 10, 192 << 10) ==
           0);
    ::close(segment);
    const auto ballast = folder / "ballast";
    const int fd = ::open(ballast.c_str(), O_CREAT | O_WRONLY, 0644);
    const std::string zeros(1 << 12, '\0');
    while (::write(fd, zeros.data(), zeros.size()) > 0) continue;
    const auto begins = read_file(path).find_last_not_of('\0');
    const batch lost = kilobytes(50, "lost");
    const auto done = st.commit(2, {&lost, 1});
    EXPECT(!done && done.error().code == errc::not_written);
    const auto after = read_file(path);
    EXPECT(after.find_last_not_of('\0') > begins + 1000);               // a part is there,
    EXPECT(after.find_first_not_of('\0', begins + 8) >= begins + 500);  // but not where it begins
    EXPECT(st.durable() == 1);
    const auto refused_term = st.term();
    EXPECT(st.begin_term().has_value() && st.term() > refused_term);
    EXPECT(::ftruncate(fd, 0) == 0);
    ::close(fd);
    const batch next = kilobytes(1, "next");
    EXPECT(st.commit(2, {&next, 1}).has_value());
    s->reset();
    s = open_lmdb_store(o);
    EXPECT(s.has_value() && (*s)->durable() == 2);
    const auto seen = (*s)->read(ask({"k", "lost", "next"}));
    EXPECT(seen.values[0] && !seen.values[1] && seen.values[2]);
    return 0;
  };
  BOOST_TEST(in_small_filesystem(folder.path(), "2m", script) == 0);
}

BOOST_AUTO_TEST_CASE(a_fold_without_room_keeps_its_layers_and_tries_again) {
  temporary_folder folder;
  const auto script = [&] {
    auto o = small(folder.path());
    o.segment_bytes = 1 << 20;
    o.log_limit = 100 << 10;
    auto s = open_lmdb_store(o);
    EXPECT(s.has_value());
    auto& st = **s;
    bool room = false;
    int told_full = 0;
    st.watch({.room = [&] { room = true; }, .full = [&](const fault&) { ++told_full; }});
    for (int i = 0; i < 30; ++i) {
      const batch b = kilobytes(10, "k" + std::to_string(i));
      EXPECT(st.commit(st.durable() + 1, {&b, 1}).has_value());
    }
    EXPECT(st.load_state().must_wait && !st.load_state().full);
    const auto ballast = folder / "ballast";
    const int fd = ::open(ballast.c_str(), O_CREAT | O_WRONLY, 0644);
    const std::string zeros(1 << 12, '\0');
    while (::write(fd, zeros.data(), zeros.size()) > 0) continue;
    ::close(fd);
    for (int i = 0; i < 2; ++i) {
      const auto folded = fold_now(st);
      EXPECT(!folded && folded.error().code == errc::full);
      EXPECT(st.load_state().full && st.load_state().must_wait && !room);
      EXPECT(st.read(ask({"k7"})).values[0].has_value());
    }
    ::unlink(ballast.c_str());
    EXPECT(fold_now(st).has_value());
    EXPECT(told_full == 1);
    EXPECT(room && !st.load_state().must_wait && !st.load_state().full);
    EXPECT(st.read(ask({"k7"})).values[0].has_value());
    return 0;
  };
  BOOST_TEST(in_small_filesystem(folder.path(), "4m", script) == 0);
}

// A fold that just fits makes no room that lasts: full stays full until there is some for a segment. Then
// there is nothing to fold any more, and who waits is told all the same.
BOOST_AUTO_TEST_CASE(room_is_reported_when_there_is_enough_to_go_on_also_by_an_empty_fold) {
  temporary_folder folder;
  const auto script = [&] {
    auto o = small(folder.path());
    o.segment_bytes = 1 << 20;
    o.log_limit = 100 << 10;
    auto s = open_lmdb_store(o);
    EXPECT(s.has_value());
    auto& st = **s;
    int rooms = 0, fulls = 0;
    st.watch({.room = [&] { ++rooms; }, .full = [&](const fault&) { ++fulls; }});
    for (int i = 0; i < 30; ++i) {
      const batch b = kilobytes(10, "k" + std::to_string(i));
      EXPECT(st.commit(st.durable() + 1, {&b, 1}).has_value());
    }
    ballast all(folder);
    EXPECT(!fold_now(st) && st.load_state().full);
    const auto size = read_file(folder / "ballast").size();
    EXPECT(size > (900 << 10));
    all.give_back_but(static_cast<long>(size) - (800 << 10));  // for the layer
    EXPECT(fold_now(st).has_value());
    EXPECT(st.load_state().full && st.load_state().must_wait && rooms == 0);
    EXPECT(fold_now(st).has_value() && rooms == 0);
    all.give_back_but(0);
    EXPECT(fold_now(st).has_value());
    EXPECT(!st.load_state().full && !st.load_state().must_wait);
    EXPECT(rooms == 1 && fulls == 1);
    return 0;
  };
  BOOST_TEST(in_small_filesystem(folder.path(), "4m", script) == 0);
}

BOOST_AUTO_TEST_CASE(a_store_that_cannot_fold_any_more_can_be_closed_twice) {
  temporary_folder folder;
  const auto script = [&] {
    auto o = small(folder.path());
    o.segment_bytes = 1 << 20;
    auto s = open_lmdb_store(o);
    EXPECT(s.has_value());
    for (int i = 0; i < 30; ++i) {
      const batch b = kilobytes(10, "k" + std::to_string(i));
      EXPECT((*s)->commit((*s)->durable() + 1, {&b, 1}).has_value());
    }
    ballast all(folder);
    const auto folded = fold_now(**s);
    EXPECT(!folded && folded.error().code == errc::full);  // its layer is kept for the next
    (*s)->close();
    (*s)->close();
    EXPECT((*s)->load_state().log_bytes > 0);  // asked while it is closed
    s->reset();
    all.give_back_but(0);
    s = open_lmdb_store(o);
    EXPECT(s.has_value() && (*s)->durable() == 30);
    EXPECT((*s)->read(ask({"k29"})).values[0].has_value());
    return 0;
  };
  BOOST_TEST(in_small_filesystem(folder.path(), "4m", script) == 0);
}

BOOST_AUTO_TEST_CASE(a_full_map_is_a_full_disk) {
  temporary_folder folder;
  auto o = small(folder.path());
  o.map_bytes = 256 << 10;
  auto s = opened(o);
  o.log_limit = 1 << 20;
  for (int i = 0; i < 40; ++i) commit(*s, {kilobytes(10, "k" + std::to_string(i))});
  const auto folded = fold_now(*s);
  BOOST_TEST_REQUIRE(!folded.has_value());
  BOOST_TEST((folded.error().code == errc::full));
  commit(*s, {kilobytes(1, "more")});  // the log goes on
  BOOST_TEST(get(*s, "k39").has_value());
  s->close();
  s.reset();
  o.map_bytes = 64 << 20;
  s = opened(o);
  BOOST_TEST_REQUIRE(fold_now(*s).has_value());
  BOOST_TEST(get(*s, "k39").has_value());
  BOOST_TEST(get(*s, "more").has_value());
}

BOOST_AUTO_TEST_CASE(the_background_fold_says_when_there_is_room_again) {
  temporary_folder folder;
  auto o = small(folder.path(), fold_mode::background);
  o.fold.records = 1'000'000;
  o.fold.age = std::chrono::hours(1);
  o.overlay_limit = 50 << 10;
  auto s = opened(o);
  std::promise<void> room;
  std::atomic<int> calls{0};
  s->watch({.room = [&] {
    if (calls++ == 0) room.set_value();
  }});
  for (int i = 0; i < 8; ++i) commit(*s, {kilobytes(10, "k" + std::to_string(i))});
  room.get_future().wait();
  BOOST_TEST(calls >= 1);
  s->close();
}

// A limit on the size of files is neither a full disk nor a full quota: what became of the frame is
// unknown.
BOOST_AUTO_TEST_CASE(any_other_error_of_a_write_is_unknown_and_stops_the_store) {
  temporary_folder folder;
  const auto script = [&] {
    auto o = small(folder.path());
    auto s = open_lmdb_store(o);
    EXPECT(s.has_value());
    auto& st = **s;
    const batch b = kilobytes(10, "k");
    EXPECT(st.commit(1, {&b, 1}).has_value());
    ::signal(SIGXFSZ, SIG_IGN);
    const rlimit none{1, 1};
    EXPECT(::setrlimit(RLIMIT_FSIZE, &none) == 0);
    const auto failed = st.commit(2, {&b, 1});
    EXPECT(!failed && failed.error().code == errc::unknown);
    EXPECT(st.commit(2, {&b, 1}).error().code == errc::failed);
    EXPECT(st.begin_term().error().code == errc::failed);
    EXPECT(fold_now(st).error().code == errc::failed);
    EXPECT(st.read(ask({"k"})).error->code == errc::failed);
    bool answered = false;
    st.load(ask({"k"}), [&](load_answer a) { answered = a.error.has_value(); });
    EXPECT(answered);
    st.close();
    return 0;
  };
  const auto child = ::fork();
  if (child == 0) ::_exit(script());
  int status = 0;
  BOOST_TEST_REQUIRE(::waitpid(child, &status, 0) == child);
  BOOST_TEST(status == 0);
  auto s = opened(small(folder.path()));
  BOOST_TEST(s->durable() == 1u);
  BOOST_TEST(get(*s, "k").has_value());
}

BOOST_AUTO_TEST_SUITE_END()
