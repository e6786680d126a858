// A copy of a folder that another process writes as fast as it can: always some moment of it, whole.

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <csignal>
#include <filesystem>
#include <new>
#include <string>
#include <utility>
#include <vector>

#include "persistence/backup.hpp"
#include "persistence/check.hpp"
#include "tests/persistence/stores.hpp"

using namespace reprise::persistence;
using namespace reprise::persistence::testing;
namespace fs = std::filesystem;

namespace {

// What the transition at this position writes: later ones overwrite and erase what earlier ones left.
batch transition(position n) {
  const auto slot = [](position of) { return "slot" + std::to_string(of % 40); };
  w writes;
  writes.put("last", std::to_string(n)).put(slot(n), std::to_string(n) + std::string(100, '.'));
  if (n % 3 == 0) writes.erase(slot(7 * n));
  if (n % 50 == 0) writes.erase_range("slot1", "slot2");
  return writes;
}

// What the transitions up to one have left, going forward only.
class model {
 public:
  const record_map& at(position last) {
    for (; next_ <= last; ++next_) testing::apply(records_, transition(next_));
    return records_;
  }

 private:
  position next_ = 1;
  record_map records_;
};

// A process that commits and folds until it is killed. It tells what it has begun and what is durable.
class writer {
 public:
  explicit writer(const std::string& folder) {
    void* shared =
        ::mmap(nullptr, sizeof(told), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    BOOST_TEST_REQUIRE(shared != MAP_FAILED);
    told_ = new (shared) told;
    int ready[2];
    BOOST_TEST_REQUIRE(::pipe(ready) == 0);
    child_ = ::fork();
    if (child_ == 0) write(folder, ready[1]);
    char byte = 0;
    BOOST_TEST_REQUIRE(::read(ready[0], &byte, 1) == 1);
    ::close(ready[0]);
    ::close(ready[1]);
  }
  ~writer() {
    ::kill(child_, SIGKILL);
    ::waitpid(child_, nullptr, 0);
    ::munmap(told_, sizeof(told));
  }
  writer(const writer&) = delete;

  position begun() const { return told_->begun; }
  position acknowledged() const { return told_->acknowledged; }
  // Returns when it has gone on by so much.
  void advance(position by) const {
    const auto last = acknowledged() + by;
    while (acknowledged() < last) ::sched_yield();
  }

 private:
  struct told {
    std::atomic<position> begun{0}, acknowledged{0};
  };

  [[noreturn]] void write(const std::string& folder, int ready) const {
    auto options = small(folder, fold_mode::background);
    options.fold.records = 400;
    auto store = open_lmdb_store(options);
    if (!store) ::_exit(1);
    for (position n = 1;; n += 3) {
      const batch group[] = {transition(n), transition(n + 1), transition(n + 2)};
      told_->begun = n + 2;
      if (!(*store)->commit(n, group)) ::_exit(1);
      told_->acknowledged = n + 2;
      if (n == 1 && ::write(ready, "r", 1) != 1) ::_exit(1);
    }
  }

  told* told_ = nullptr;
  pid_t child_ = -1;
};

void require_sound(const std::string& folder, position last, model& expected) {
  const auto report = check_folder(folder);
  BOOST_TEST_REQUIRE(report.has_value());
  for (const auto& finding : report->findings) BOOST_ERROR(finding);
  BOOST_TEST(report->last == last);
  BOOST_TEST((all(*opened(small(folder))) == expected.at(last)));
}
void require_sound(const std::string& folder, position last) {
  model expected;
  require_sound(folder, last, expected);
}

fault refused(const std::string& from, const std::string& to) {
  const auto copied = copy_folder(from, to, copy_for::keeping);
  BOOST_TEST_REQUIRE(copied.has_error());
  return copied.error();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(backup)

BOOST_AUTO_TEST_CASE(a_copy_of_a_store_under_load_is_a_prefix_with_all_that_was_acknowledged) {
  temporary_folder f;
  std::vector<std::pair<std::string, position>> copies;
  {
    const writer busy(f / "live");
    for (int i = 0; i < 10; ++i) {
      busy.advance(500);
      const auto copy = f / ("copy" + std::to_string(i));
      const auto before = busy.acknowledged();
      const auto made = copy_folder(f / "live", copy, copy_for::keeping);
      const auto after = busy.begun();
      BOOST_TEST_REQUIRE(made.has_value(), made.error().text);
      BOOST_TEST(made->last >= before);
      BOOST_TEST(made->last <= after);
      copies.emplace_back(copy, made->last);
    }
  }
  model expected;
  for (const auto& [copy, last] : copies) require_sound(copy, last, expected);
}

BOOST_AUTO_TEST_CASE(a_restored_store_goes_on_from_where_the_backup_stood) {
  temporary_folder f;
  {
    auto s = opened(small(f / "first"));
    for (position n = 1; n <= 20; ++n) commit(*s, {transition(n)});
    BOOST_TEST_REQUIRE(!!fold_now(*s));
    for (position n = 21; n <= 30; ++n) commit(*s, {transition(n)});
  }
  const auto kept = copy_folder(f / "first", f / "kept", copy_for::keeping);
  BOOST_TEST_REQUIRE(kept.has_value());
  const auto again = copy_folder(f / "kept", f / "again/", copy_for::serving);
  BOOST_TEST_REQUIRE(again.has_value());
  BOOST_TEST(again->last == 30u);
  for (const auto* name : {"kept", "again"}) {
    {
      auto s = opened(small(f / name));
      for (position n = 31; n <= 40; ++n) commit(*s, {transition(n)});
    }
    require_sound(f / name, 40);
  }
  require_sound(f / "first", 30);
}

BOOST_AUTO_TEST_CASE(a_copy_that_was_killed_leaves_nothing_under_its_name_and_nothing_in_the_way) {
  temporary_folder f;
  {
    auto s = opened(small(f / "first"));
    for (position n = 1; n <= 20; ++n) commit(*s, {transition(n)});
    s->close();
  }
  const auto child = ::fork();
  if (child == 0) {
    static_cast<void>(
        copy_folder(f / "first", f / "copy", copy_for::keeping,
                    [](std::uint64_t, std::uint64_t) { ::kill(::getpid(), SIGKILL); }));
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  BOOST_TEST_REQUIRE(WIFSIGNALED(status));
  BOOST_TEST(!fs::exists(f / "copy"));
  BOOST_TEST(fs::exists(f / "copy.partial"));
  BOOST_TEST_REQUIRE(copy_folder(f / "first", f / "copy", copy_for::keeping).has_value());
  BOOST_TEST(!fs::exists(f / "copy.partial"));
  require_sound(f / "copy", 20);
}

BOOST_AUTO_TEST_CASE(a_file_or_folder_in_the_way_is_refused_and_left) {
  temporary_folder f;
  opened(small(f / "first"))->close();
  fs::create_directory(f / "mine");
  write_file(f / "mine/notes", "mine");
  write_file(f / "file", "mine");
  for (const auto* target : {"mine", "mine/", "file", "first"})
    BOOST_TEST((refused(f / "first", f / target).code == errc::foreign), target);
  BOOST_TEST(read_file(f / "mine/notes") == "mine");
  BOOST_TEST((refused(f / "mine", f / "copy").code == errc::foreign));
  BOOST_TEST((refused(f / "nothing", f / "copy").code == errc::io));
  BOOST_TEST((refused(f / "first", f / "no/such/place").code == errc::io));
  BOOST_TEST(!fs::exists(f / "copy.partial"));
  fs::create_directory(f / "empty");
  BOOST_TEST(copy_folder(f / "first", f / "empty", copy_for::keeping).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
